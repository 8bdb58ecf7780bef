"""Registration and the user's own account."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.authentication import AuthenticatedRequest
from accounts.exceptions import HashingBusy, RegistrationClosed, UserAlreadyExists
from accounts.serializers.account import (
    AccountDeletionSerializer,
    MeSerializer,
    PasswordChangeSerializer,
    RegisteredSerializer,
    RegistrationSerializer,
)
from accounts.serializers.session import TokensSerializer
from accounts.throttling import client_address, count_password_check, count_registration
from accounts.tokens import TokenPair
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import message_response, problem_response
from expense_tracker.logs import log_event
from expense_tracker.monitoring.metrics import FAILED_LOGINS, count


def check_current_password(request: AuthenticatedRequest, field_name: str, password: str) -> None:
    """Raise ValidationError for the field if the password is wrong, and TooManyAttempts if it often was."""
    attempt = count_password_check(request.user)
    try:
        is_right = request.user.check_password(password)
    except HashingBusy:
        attempt.refund()  # the password was not checked
        raise
    if not is_right:
        count(FAILED_LOGINS)
        log_event("login failed", address=client_address(request))
        raise ValidationError({field_name: [ErrorDetail("This is not your password.", code="invalid")]})
    attempt.refund()


class RegisterView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="register",
        tags=["Accounts"],
        request=RegistrationSerializer,
        responses={
            201: RegisteredSerializer,
            (400, CONTENT_TYPE): problem_response("Somebody has this name.", UserAlreadyExists()),
            (403, CONTENT_TYPE): problem_response("Nobody can register here.", RegistrationClosed()),
        },
    )
    def post(self, request: Request) -> Response:
        """Register a user

        Creates an account, which can log in at once. If the name is taken, in any case or width of its letters, the
        answer is 400 with the detail `User already exists`. Where registration is closed, it is a 403."""
        if not settings.REGISTRATION_OPEN:
            raise RegistrationClosed
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        count_registration(request)
        user = actions.register(**serializer.validated_data)
        created = RegisteredSerializer({"message": "User created successfully", "user_id": user.pk})
        return Response(created.data, status=status.HTTP_201_CREATED)


class MeView(APIView):
    @extend_schema(operation_id="read_me", tags=["Accounts"], responses=MeSerializer)
    def get(self, request: AuthenticatedRequest) -> Response:
        """Read the current user

        Returns the user whom the access token belongs to."""
        return Response(MeSerializer(request.user).data)

    @extend_schema(operation_id="update_me", tags=["Accounts"], request=MeSerializer, responses=MeSerializer)
    def patch(self, request: AuthenticatedRequest) -> Response:
        """Change the current user

        Sets the time zone. The default date of an expense and the current month follow it; times stay in UTC."""
        serializer = MeSerializer(request.user, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        if "timezone" in serializer.validated_data:
            actions.change_timezone(user=request.user, name=serializer.validated_data["timezone"])
        return Response(MeSerializer(request.user).data)


class PasswordView(APIView):
    @extend_schema(
        operation_id="change_password", tags=["Accounts"], request=PasswordChangeSerializer, responses=TokensSerializer
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Change the password

        Ends every session, personal access tokens too, and returns a new pair of tokens for this client. A wrong
        current password is a 400; too many of them are a 429."""
        serializer = PasswordChangeSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        check_current_password(request, "current_password", serializer.validated_data["current_password"])
        actions.change_password(user=request.user, password=serializer.validated_data["new_password"])
        session = actions.open_session(user=request.user, user_agent=request.META.get("HTTP_USER_AGENT", ""))
        return Response(TokensSerializer(TokenPair.for_session(session)).data)


class DeletionView(APIView):
    @extend_schema(
        operation_id="delete_me",
        tags=["Accounts"],
        request=AccountDeletionSerializer,
        responses={200: message_response("Account deleted successfully")},
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Delete the account

        Deletes the account and all its data, at once and for good. A wrong password is a 400; too many of them
        are a 429."""
        serializer = AccountDeletionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        check_current_password(request, "password", serializer.validated_data["password"])
        actions.erase_account(user=request.user)
        return Response({"message": "Account deleted successfully"})
