"""Bearer authentication (RFC 6750): who a request comes from, and what the token allows."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.exceptions import InvalidToken
from accounts.models import Session, User
from accounts.tokens import AccessToken


class AuthenticatedRequest(Request):
    """What a view that is not public gets; a name for the type checker."""

    user: User
    auth: Session


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. One query reads the session with its user and the user's revision counter, so access ends at the
    very next request after a logout, a change of password or a deactivation."""

    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        scheme, _, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = AccessToken.read(raw.strip())
        session = Session.with_user_and_revision_counter(token.session_id, token.user_id)
        if session is None or not session.is_live or not session.user.is_active:
            raise InvalidToken
        session.note_use()
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScope(BasePermission):
    """A personal access token of the scope `read` may not write."""

    message = "This token can only read."

    def has_permission(self, request: Any, view: Any) -> bool:
        return request.method in SAFE_METHODS or request.auth.scope == Session.Scope.WRITE
