"""Signed tokens (JWT, RFC 7519). A token names its session; no token is stored anywhere."""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Any, Self

from django.conf import settings
from django.db.models import BigIntegerField
from django.utils import timezone
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import (
    ExpiredTokenError,
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)
from rest_framework_simplejwt.tokens import Token

from accounts.exceptions import InvalidToken, TokenExpired
from accounts.models import Session

MAX_TOKEN_LENGTH = 2000
ISSUER = "expense-tracker"
AUDIENCE = "expense-tracker-api"
# Seconds that the clock of another instance may be ahead of ours: for `iat` and `nbf`, not for `exp`.
CLOCK_SKEW = 5


class RotatingTokenBackend(TokenBackend):
    """Sign with the first key, verify with any of them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        first, *older = keys
        super().__init__("HS256", first, audience=AUDIENCE, issuer=ISSUER, leeway=CLOCK_SKEW)
        self.next = RotatingTokenBackend(tuple(older)) if older else None

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        try:
            return super().decode(token, verify)
        except TokenBackendExpiredToken:
            raise  # the signature is right
        except TokenBackendError:
            if self.next is None:
                raise
        return self.next.decode(token, verify)


backend_for_keys = lru_cache(maxsize=4)(RotatingTokenBackend)


def signing_keys() -> tuple[str, ...]:
    """Return the key that signs, then those that still verify."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


class SessionToken(Token):
    """The claims of both kinds of token: `sub`, the user's id as a string, `sid`, the session's id, and `gen`, its
    generation: each refresh makes the next one."""

    lifetime = timedelta(minutes=settings.ACCESS_TOKEN_MINUTES)

    @property
    def token_backend(self) -> TokenBackend:
        return backend_for_keys(signing_keys())

    @classmethod
    def decode(cls, raw: str) -> Self:
        """Return the verified token. Raise TokenExpired, or InvalidToken unless it is signed by us and of this kind."""
        if len(raw) > MAX_TOKEN_LENGTH:
            raise InvalidToken
        try:
            token = cls(raw)  # type: ignore[arg-type]  # the stubs want a token here; the library wants its text
            token.check_claims()
            token.check_expiry()
        except ExpiredTokenError:
            raise TokenExpired from None
        # A signed token can hold anything: numbers that are no times, lists where text belongs, JSON without a bottom.
        except (TokenError, ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError):
            raise InvalidToken from None
        return token

    def check_claims(self) -> None:
        """Raise ValueError, or what odd types raise, unless user and session are ids in canonical form."""
        if str(self.user_id) != self["sub"] or not 0 < self.user_id <= BigIntegerField.MAX_BIGINT:
            raise ValueError("The subject is not the id of a user.")
        if str(self.session_id) != self["sid"]:
            raise ValueError("The session is not an id in canonical form.")

    def check_expiry(self) -> None:
        """Raise TokenExpired, without the leeway for `iat` and `nbf`."""
        if self["exp"] <= time.time():
            raise TokenExpired

    @cached_property
    def user_id(self) -> int:
        return int(self["sub"])

    @property
    def generation(self) -> Any:
        """The generation of the session that the token was made for; access tokens of before 2026-11 have none."""
        return self.get("gen")

    @cached_property
    def session_id(self) -> uuid.UUID:
        return uuid.UUID(self["sid"])


class AccessToken(SessionToken):
    token_type = "access"  # noqa: S105  # no password

    @classmethod
    def decode(cls, raw: str) -> Self:
        # A client sends one token again and again: under the same keys only the time can make it invalid.
        token = cls.decode_once(raw, signing_keys())
        token.check_expiry()
        return token

    @classmethod
    @lru_cache(maxsize=2000)
    def decode_once(cls, raw: str, _keys: tuple[str, ...]) -> Self:
        return super().decode(raw)

    @classmethod
    def for_session(cls, session: Session) -> "AccessToken":
        """Return an access token for half an hour or, for a personal access token, for as long as its session."""
        token = cls()
        token["sub"], token["sid"], token["gen"] = str(session.user_id), str(session.pk), session.generation
        ends = timezone.now() + cls.lifetime
        token.set_exp(from_time=session.expires_at if session.is_personal else ends, lifetime=timedelta())
        return token


class RefreshToken(SessionToken):
    token_type = "refresh"  # noqa: S105  # no password

    @classmethod
    def for_session(cls, session: Session) -> "RefreshToken":
        """Return the refresh token of the session's current generation, valid as long as the session."""
        token = cls()
        token["sub"], token["sid"], token["gen"] = str(session.user_id), str(session.pk), session.generation
        token.set_exp(from_time=session.expires_at, lifetime=timedelta())
        return token

    def check_claims(self) -> None:
        super().check_claims()
        if type(self.generation) is not int or self.generation < 0:
            raise ValueError("The generation is not a number.")


@dataclass(frozen=True)
class TokenPair:
    """The answer of a login or a refresh (RFC 6749, section 5.1); `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "bearer"  # noqa: S105  # no password

    @classmethod
    def for_session(cls, session: Session) -> "TokenPair":
        """Return new tokens of the session's current generation."""
        return cls(
            access_token=str(AccessToken.for_session(session)),
            refresh_token=str(RefreshToken.for_session(session)),
            expires_in=settings.ACCESS_TOKEN_MINUTES * 60,
        )
