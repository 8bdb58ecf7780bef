"""Login, refresh and logout."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.authentication import AuthenticatedRequest
from accounts.exceptions import CredentialsChanged, InvalidCredentials, InvalidToken
from accounts.models import Session
from accounts.serializers.session import LoginSerializer, RefreshSerializer, TokensSerializer
from accounts.tokens import RefreshToken, TokenPair
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import message_response, problem_response
from expense_tracker.api.parsers import FormParser, StrictJSONParser


def log_in(request: Request, username: str, password: str) -> Session:
    """Return a new session. Raise InvalidCredentials, and TooManyAttempts before the password is checked."""
    # Tried again if the hash was replaced in between: by a password change, or by a concurrent login that upgraded it.
    for _ in range(2):
        user = authenticate(request, username=username, password=password)
        if user is None:
            break
        try:
            return actions.open_session(user=user, user_agent=request.META.get("HTTP_USER_AGENT", ""))
        except CredentialsChanged:
            continue
    raise InvalidCredentials


class LoginView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJSONParser, FormParser)

    @extend_schema(
        operation_id="login",
        tags=["Sessions"],
        request={"application/json": LoginSerializer},
        responses={
            200: TokensSerializer,
            (401, CONTENT_TYPE): problem_response("The user name or the password is wrong.", InvalidCredentials()),
        },
    )
    def post(self, request: Request) -> Response:
        """Log in

        Opens a session. Returns an access token for the `Authorization: Bearer …` header and a refresh token to get the
        next one. Takes JSON, or a form as in the password flow of OAuth 2 (RFC 6749, section 4.3), whose other
        parameters are ignored. Upper and lower case of the user name are the same.

        Failed attempts are limited by user name and address. Above the limit the answer is 429 with `Retry-After`."""
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        session = log_in(request, **serializer.validated_data)
        return Response(TokensSerializer(TokenPair.for_session(session)).data)


class RefreshView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJSONParser, FormParser)

    @extend_schema(
        operation_id="refresh",
        tags=["Sessions"],
        request={"application/json": RefreshSerializer},
        responses={
            200: TokensSerializer,
            (401, CONTENT_TYPE): problem_response("The refresh token is not valid (any more).", InvalidToken()),
        },
    )
    def post(self, request: Request) -> Response:
        """Refresh the tokens

        Returns a new pair of tokens. A refresh token works once: keep the new one. Of concurrent requests with one
        token, one gets the pair and the others a 401. A token that is used again more than 10 seconds later ends the
        session, because somebody else must have it too. Takes JSON, or a form as in OAuth 2 (RFC 6749, section 6)."""
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        token = RefreshToken.decode(serializer.validated_data["refresh_token"])
        session = actions.refresh_session(
            session_id=token.session_id,
            user_id=token.user_id,
            generation=token.generation,
            issued_at=token.issued_at,
        )
        return Response(TokensSerializer(TokenPair.for_session(session)).data)


class LogoutView(APIView):
    @extend_schema(
        operation_id="logout",
        tags=["Sessions"],
        request=None,
        responses={200: message_response("Logged out successfully")},
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Log out

        Ends the session: its access and refresh tokens are refused from the very next request on. A body is ignored."""
        Session.objects.filter(pk=request.auth.pk).revoke()
        return Response({"message": "Logged out successfully"})
