"""One's account."""

from django.conf import settings
from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.authentication import AuthenticatedRequest
from accounts.exceptions import InvalidToken, RegistrationClosed
from accounts.models import User
from accounts.serializers import (
    AccountDeletionSerializer,
    MeSerializer,
    PasswordChangeSerializer,
    RegisteredSerializer,
    RegistrationSerializer,
    TokensSerializer,
)
from accounts.throttling import count_registration
from accounts.views.token import tokens_of
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import message_response, problem_response


def check_current_password(request: AuthenticatedRequest, member: str, password: str) -> None:
    """Counts as an attempt to log in. Raises ValidationError for the member where the password is wrong."""
    if authenticate(request, username=request.user.username, password=password) != request.user:
        if not User.objects.filter(pk=request.user.pk).exists():
            raise InvalidToken  # the account has been erased meanwhile
        raise ValidationError({member: [ErrorDetail("This is not your password.", code="invalid")]})


class RegisterView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="register",
        tags=["Accounts"],
        request=RegistrationSerializer,
        responses={
            201: RegisteredSerializer,
            (403, CONTENT_TYPE): problem_response("Nobody can register here.", RegistrationClosed.detail),
        },
    )
    def post(self, request: Request) -> Response:
        """Register a user

        Makes an account that can log in at once. A name that is taken, in any case or width of its letters, is a
        400 with the detail `User already exists`. Where registration is closed, it is a 403."""
        if not settings.REGISTRATION_OPEN:
            raise RegistrationClosed(extensions={"code": RegistrationClosed.code})
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        count_registration(request)
        user = actions.register(**serializer.validated_data)
        return Response({"message": "User created successfully", "user_id": user.pk}, status=status.HTTP_201_CREATED)


class MeView(APIView):
    @extend_schema(operation_id="read_me", tags=["Accounts"], responses=MeSerializer)
    def get(self, request: AuthenticatedRequest) -> Response:
        """Who am I

        The user whom the access token belongs to."""
        return Response(MeSerializer(request.user).data)


class PasswordView(APIView):
    @extend_schema(
        operation_id="change_password", tags=["Accounts"], request=PasswordChangeSerializer, responses=TokensSerializer
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Change the password

        Ends every session, personal access tokens too, and answers a new pair of tokens for this client. A wrong
        current password is a 400 and counts as an attempt to log in."""
        serializer = PasswordChangeSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        check_current_password(request, "current_password", serializer.validated_data["current_password"])
        actions.change_password(user=request.user, password=serializer.validated_data["new_password"])
        session = actions.open_session(user=request.user, user_agent=request.META.get("HTTP_USER_AGENT", ""))
        if session is None:
            raise InvalidToken
        return Response(tokens_of(session))


class DeletionView(APIView):
    @extend_schema(
        operation_id="delete_me",
        tags=["Accounts"],
        request=AccountDeletionSerializer,
        responses={200: message_response("Account deleted successfully")},
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Delete the account

        Erases the account and everything of it, at once and for good. A wrong password is a 400 and counts as an
        attempt to log in."""
        serializer = AccountDeletionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        check_current_password(request, "password", serializer.validated_data["password"])
        actions.erase_account(user=request.user)
        return Response({"message": "Account deleted successfully"})
