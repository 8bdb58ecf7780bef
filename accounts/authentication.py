"""Bearer authentication (RFC 6750)."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.exceptions import SessionEnded
from accounts.models import Session, User
from accounts.tokens import AccessToken


def bearer_token(request: Request) -> str | None:
    """Return the token of the Authorization header, or None if that is missing or of another scheme."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


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
        raw = bearer_token(request)
        if raw is None:
            return None
        token = AccessToken.decode(raw)
        session = Session.with_user_and_revision_counter(token.session_id, token.user_id)
        if session is None or not session.is_live or not session.user.is_active:
            raise SessionEnded
        session.note_use(generation=token.generation)
        session.token_expires_at = token["exp"]
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge of a 401; it has an error code if a token was sent (RFC 6750, section 3.1)."""
        return "Bearer" if bearer_token(request) is None else 'Bearer error="invalid_token"'
