"""Getting in, staying in, getting out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.authentication import AuthenticatedRequest
from accounts.exceptions import InvalidCredentials
from accounts.models import Session
from accounts.serializers import LoginSerializer, RefreshSerializer, TokensSerializer
from accounts.tokens import AccessToken, RefreshToken
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import message_response, problem_response
from expense_tracker.api.parsers import FormParser, StrictJSONParser


def tokens_of(session: Session) -> dict[str, Any]:
    """A new pair of tokens, as RFC 6749 (section 5.1) names its members."""
    return {
        "access_token": str(AccessToken.of(session)),
        "token_type": "bearer",
        "expires_in": settings.ACCESS_TOKEN_MINUTES * 60,
        "refresh_token": str(RefreshToken.of(session)),
    }


def log_in(request: Request, username: str, password: str) -> Session:
    """A new session for the right password. Raises InvalidCredentials, and TooManyAttempts before it looks."""
    # A second time where the hash was replaced in between: by a change of password, or by another login that brought
    # an old hash up to date.
    for _ in range(2):
        user = authenticate(request, username=username, password=password)
        if user is None:
            break
        session = actions.open_session(user=user, user_agent=request.META.get("HTTP_USER_AGENT", ""))
        if session is not None:
            return session
    raise InvalidCredentials


class LoginView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJSONParser, FormParser)

    @extend_schema(
        operation_id="login",
        tags=["Sessions"],
        request=LoginSerializer,
        responses={
            200: TokensSerializer,
            (401, CONTENT_TYPE): problem_response("The user name or the password is wrong.", "Invalid credentials"),
        },
    )
    def post(self, request: Request) -> Response:
        """Log in

        Opens a session and answers an access token for the `Authorization: Bearer …` header and a refresh token for
        the next one. Takes JSON, or a form as the password flow of OAuth 2 (RFC 6749, section 4.3) sends it; in a form
        other parameters are ignored. The user name counts without regard to case.

        Attempts are limited for each name and address; those that succeed are not counted. Past the limit the answer is
        429 with `Retry-After`."""
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(tokens_of(log_in(request, **serializer.validated_data)))


class RefreshView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJSONParser, FormParser)

    @extend_schema(
        operation_id="refresh",
        tags=["Sessions"],
        request=RefreshSerializer,
        responses={
            200: TokensSerializer,
            (401, CONTENT_TYPE): problem_response(
                "The refresh token is not valid (any more).", "Could not validate credentials"
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Refresh the tokens

        Answers a new pair. A refresh token works once: keep the new one, and of requests in parallel with one token one
        gets the pair, the others a 401. A token that comes back more than 10 seconds after it was used ends the
        session, since somebody else must have it too. Takes JSON, or a form as OAuth 2 (RFC 6749, section 6) sends
        it."""
        serializer = RefreshSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        token = RefreshToken.read(serializer.validated_data["refresh_token"])
        return Response(tokens_of(actions.refresh(token=token)))


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
