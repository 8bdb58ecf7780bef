"""Login, refresh and logout."""

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.authentication import AuthenticatedRequest
from accounts.exceptions import CredentialsChanged, InvalidCredentials, InvalidToken
from accounts.models import Session
from accounts.oauth import TokenEndpoint
from accounts.serializers.session import LoginSerializer, RefreshSerializer, TokensSerializer
from accounts.tokens import RefreshToken, TokenPair
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import message_response, problem_response


def log_in(request: Request) -> Session:
    """Return a new session. Raise InvalidCredentials, and TooManyAttempts before the password is checked."""
    serializer = LoginSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    # Tried again if the hash was replaced in between: by a password change, or by a concurrent login that upgraded it.
    for _ in range(2):
        user = authenticate(request, **serializer.validated_data)
        if user is None:
            break
        try:
            return actions.open_session(user=user, user_agent=request.META.get("HTTP_USER_AGENT", ""))
        except CredentialsChanged:
            continue
    raise InvalidCredentials


def refresh(request: Request) -> Session:
    """Return the session of the refresh token. Raise InvalidToken."""
    serializer = RefreshSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    token = RefreshToken.decode(serializer.validated_data["refresh_token"])
    return actions.refresh_session(session_id=token.session_id, user_id=token.user_id, generation=token.generation)


class LoginView(TokenEndpoint):
    grant_types = ("password", "refresh_token")

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
        next one. Upper and lower case of the user name are the same.

        OAuth 2 clients may send a form with `grant_type=password` or `grant_type=refresh_token` (RFC 6749, sections 4.3
        and 6); their errors have `error` and `error_description` too.

        Failed attempts are limited by user name and address. Above the limit the answer is 429 with `Retry-After`."""
        session = refresh(request) if self.grant_type() == "refresh_token" else log_in(request)
        return Response(TokensSerializer(TokenPair.for_session(session)).data)


class RefreshView(TokenEndpoint):
    grant_types = ("refresh_token",)

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

        Returns a new pair of tokens: keep the new refresh token. If the answer was lost, send the old token again: it
        gets a pair until 10 seconds after the new tokens were first used, also in several tabs at once. Later than
        that, it ends the session, because somebody else must have it. OAuth 2 clients may send a form (RFC 6749,
        section 6)."""
        self.grant_type()
        return Response(TokensSerializer(TokenPair.for_session(refresh(request))).data)


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
