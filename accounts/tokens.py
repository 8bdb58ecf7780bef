"""Signed tokens (JWT, RFC 7519). A token names a session, and no token is stored anywhere."""

import time
import uuid
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Self

from django.conf import settings
from django.utils import timezone
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.tokens import Token

from accounts.exceptions import InvalidToken
from accounts.models import Session
from expense_tracker.api.routers import LARGEST_ID

MAX_TOKEN_LENGTH = 2000
ISSUER = "expense-tracker"
AUDIENCE = "expense-tracker-api"


class RotatingTokenBackend(TokenBackend):
    """Signs with the first key and verifies with any: SECRET_KEY, then SECRET_KEY_FALLBACKS."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__("HS256", keys[0], audience=AUDIENCE, issuer=ISSUER)
        self.older = [TokenBackend("HS256", key, audience=AUDIENCE, issuer=ISSUER) for key in keys[1:]]

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        try:
            return super().decode(token, verify)
        except TokenBackendError:
            for backend in self.older:
                try:
                    return backend.decode(token, verify)
                except TokenBackendError:
                    continue
            raise


key_ring = lru_cache(maxsize=4)(RotatingTokenBackend)


def keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


class SessionToken(Token):
    """What both kinds of tokens carry: `sub`, the user's id as a string, and `sid`, the session's."""

    lifetime = timedelta(minutes=settings.ACCESS_TOKEN_MINUTES)

    @property
    def token_backend(self) -> TokenBackend:
        return key_ring(keys())

    @classmethod
    def read(cls, raw: str) -> Self:
        """The token, where it is signed by us, of this kind and not expired. Raises InvalidToken for all others."""
        if len(raw) > MAX_TOKEN_LENGTH:
            raise InvalidToken
        try:
            token = cls(raw)  # type: ignore[arg-type]  # the stubs want a token here; the library wants its text
            token.check_claims()
        # A signed token can hold anything: numbers that are no times, lists where text belongs, JSON without a bottom.
        except (TokenError, ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError):
            raise InvalidToken from None
        return token

    def check_claims(self) -> None:
        if str(self.user_id) != self["sub"] or not 0 < self.user_id <= LARGEST_ID:
            raise ValueError("The subject is not the id of a user.")
        if str(self.session_id) != self["sid"]:
            raise ValueError("The session is not an id in canonical form.")

    @cached_property
    def user_id(self) -> int:
        return int(self["sub"])

    @cached_property
    def session_id(self) -> uuid.UUID:
        return uuid.UUID(self["sid"])


class AccessToken(SessionToken):
    token_type = "access"  # noqa: S105  # no password

    @classmethod
    def read(cls, raw: str) -> Self:
        # What was right stays right under the same keys, but for the time: a client sends one token again and again.
        token = cls.read_once(raw, keys())
        if token["exp"] <= time.time():
            raise InvalidToken
        return token

    @classmethod
    @lru_cache(maxsize=2000)
    def read_once(cls, raw: str, _keys: tuple[str, ...]) -> Self:
        return super().read(raw)

    @classmethod
    def of(cls, session: Session) -> "AccessToken":
        """An access token of half an hour, or, for a personal access token, as long as the session lives."""
        token = cls()
        token["sub"], token["sid"] = str(session.user_id), str(session.pk)
        ends = timezone.now() + cls.lifetime
        token.set_exp(from_time=session.expires_at if session.is_personal else ends, lifetime=timedelta())
        return token


class RefreshToken(SessionToken):
    """Carries the generation of the session, `gen`, too: each refresh makes the next one."""

    token_type = "refresh"  # noqa: S105  # no password

    @classmethod
    def of(cls, session: Session) -> "RefreshToken":
        token = cls()
        token["sub"], token["sid"], token["gen"] = str(session.user_id), str(session.pk), session.generation
        token.set_exp(from_time=session.expires_at, lifetime=timedelta())
        return token

    def check_claims(self) -> None:
        super().check_claims()
        if type(self["gen"]) is not int or type(self["iat"]) is not int or self.issued_at > timezone.now():
            raise ValueError("The generation or the time is not an integer, or the token comes from the future.")

    @property
    def generation(self) -> int:
        return int(self["gen"])

    @property
    def issued_at(self) -> datetime:
        return datetime.fromtimestamp(self["iat"], UTC)
