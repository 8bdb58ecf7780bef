"""Assertions about refused tokens and refused attempts."""

from typing import Any

TOKEN_SENT = 'Bearer error="invalid_token"'


def refusal(code: str) -> dict[str, str]:
    return {"detail": "Could not validate credentials", "code": code}


def assert_refused(response: Any, *codes: str, challenge: str = TOKEN_SENT) -> None:
    """Assert a 401 with one of the codes, by default that of a token that is not ours."""
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == challenge
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() in [refusal(code) for code in codes or ["token_invalid"]]


def assert_refresh_refused(response: Any, code: str = "session_ended") -> None:
    """Assert a 401 for a refresh token; its challenge names no error (RFC 6750, section 3.1)."""
    assert_refused(response, code, challenge="Bearer")


def assert_too_many(response: Any, seconds: int) -> None:
    """Assert the 429 of too many attempts."""
    assert response.status_code == 429
    assert response["Retry-After"] == str(seconds)
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": f"Too many attempts. Try again in {seconds} seconds.",
        "code": "limit_reached",
    }
