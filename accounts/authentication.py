"""Bearer authentication (RFC 6750)."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.exceptions import InvalidToken
from accounts.models import Session, User
from accounts.tokens import AccessToken


class AuthenticatedRequest(Request):
    """The request that a view gets unless it is public. It exists for the type checker only."""

    user: User
    auth: Session


class BearerAuthentication(BaseAuthentication):
    """Authenticate `Authorization: Bearer …`.

    One query loads the session, its user and the user's revision counter, so access ends at the very next request after
    a logout, a password change or a deactivation."""

    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        """Return the user and the session of the token, or None without one. Raise InvalidToken."""
        scheme, _, raw = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = AccessToken.decode(raw.strip())
        session = Session.with_user_and_revision_counter(token.session_id, token.user_id)
        if session is None or not session.is_live or not session.user.is_active:
            raise InvalidToken
        session.note_use()
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
