"""Signed tokens (JWT, RFC 7519)."""

from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from expense_tracker.converters import LARGEST_ID

MAX_TOKEN_LENGTH = 2000


def read_access_token(raw: str) -> int:
    """The id of the user whom the token names. Raises ValueError for every token that is not valid."""
    if len(raw) > MAX_TOKEN_LENGTH:
        raise ValueError("The token is too long.")
    try:
        # The stubs want a token here; the library itself wants its text.
        subject = AccessToken(raw)["sub"]  # type: ignore[arg-type]
    except (TokenError, TypeError, KeyError, OverflowError, OSError, RecursionError) as error:
        raise ValueError("The token is not valid.") from error
    if not isinstance(subject, str) or not subject.isascii() or not subject.isdigit() or int(subject) > LARGEST_ID:
        raise ValueError("The token names no user.")
    return int(subject)
