"""Bearer authentication (RFC 6750): who a request comes from."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User
from accounts.tokens import read_access_token


class AuthenticatedRequest(Request):
    """What a view that is not public gets; a name for the type checker."""

    user: User


class InvalidToken(AuthenticationFailed):
    default_detail = "Could not validate credentials"


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. One query reads the user together with the ledger."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            user_id = read_access_token(token.strip())
            return User.objects.select_related("ledger").get(pk=user_id, is_active=True), token
        except (ValueError, User.DoesNotExist):
            raise InvalidToken from None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
