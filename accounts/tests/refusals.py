"""What a refused token is answered with."""

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
