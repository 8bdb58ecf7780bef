"""`Authorization: Bearer …`, on any protected endpoint. Invalid and forged claims are in test_tokens.py."""

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.refusals import assert_refused
from accounts.tests.signing import HEADER, sign


@pytest.fixture
def token(alice: APIClient, api: APIClient) -> str:
    response = api.post("/api/login", {"username": "alice", "password": "SecurePassword123!"})
    access_token: str = response.json()["access_token"]
    return access_token


@pytest.fixture
def claims(token: str) -> dict[str, Any]:
    """The claims of a valid token of alice."""
    return jwt.decode(token, options={"verify_signature": False})


def ask(client: APIClient, authorization: str) -> Any:
    return client.get("/api/expenses", HTTP_AUTHORIZATION=authorization)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_scheme_is_matched_in_any_case(api: APIClient, token: str, scheme: str) -> None:
    assert ask(api, f"{scheme} {token}").status_code == 200


@pytest.mark.parametrize("authorization", ["", "Basic YWxpY2U6eA==", "Token {token}", "{token}", "Bearer{token}"])
def test_missing_bearer_token_returns_401(api: APIClient, token: str, authorization: str) -> None:
    response = ask(api, authorization.format(token=token))

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json() == {
        "detail": "Send `Authorization: Bearer …` with an access token.",
        "code": "not_authenticated",
    }


@pytest.mark.parametrize("claim", ["iat", "nbf"])
@pytest.mark.parametrize(("seconds", "status"), [(4, 200), (60, 401)])
def test_clock_of_the_issuer_may_be_5_seconds_ahead(
    api: APIClient, claims: dict[str, Any], claim: str, seconds: int, status: int
) -> None:
    ahead = sign(claims | {claim: int(time.time()) + seconds})

    assert ask(api, f"Bearer {ahead}").status_code == status


def test_expired_token_returns_its_own_code_without_leeway(api: APIClient, claims: dict[str, Any]) -> None:
    expired = sign(claims | {"exp": int(time.time())})

    assert_refused(ask(api, f"Bearer {expired}"), "token_expired")


def test_access_token_is_valid_for_half_an_hour(claims: dict[str, Any]) -> None:
    assert claims["exp"] - claims["iat"] == 1800


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "x",
        "x.y.z",
        "..",
        "é.ü.ö",
        "." * 10_000,
        "{token}x",
        "{token} x",
        "{token}.{token}",
        "Bearer {token}",
        '"{token}"',
    ],
)
def test_malformed_token_is_refused(api: APIClient, token: str, garbage: str) -> None:
    assert_refused(ask(api, f"Bearer {garbage.format(token=token)}"))


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b"null", b"1", b'"x"', b"\xff", b"[" * 1200, b'{"exp":' + b"9" * 5000 + b"}", b'{"exp": NaN}'],
)
def test_signed_token_without_a_claims_object_is_refused(api: APIClient, payload: bytes) -> None:
    assert_refused(ask(api, f"Bearer {sign(payload)}"))


@pytest.mark.parametrize(
    "change",
    [{"alg": "none"}, {"alg": None}, {"alg": ["HS256"]}, {"crit": ["x"]}, {"b64": False}, {"kid": 1}],
    ids=ascii,
)
def test_signed_token_with_an_invalid_header_is_refused(
    api: APIClient, claims: dict[str, Any], change: dict[str, Any]
) -> None:
    assert_refused(ask(api, f"Bearer {sign(claims, HEADER | change)}"))


def test_deactivated_user_is_refused_at_once(alice: APIClient) -> None:
    User.objects.update(is_active=False)

    assert_refused(alice.get("/api/expenses"), "session_ended")


def test_erased_user_is_refused_at_once(alice: APIClient) -> None:
    User.objects.all().delete()

    assert_refused(alice.get("/api/expenses"), "session_ended")


def test_authentication_runs_one_query(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # the session with its user and revision counter; a body that is refused reads nothing else
    with django_assert_num_queries(1):
        assert alice.post("/api/expenses", {}).status_code == 400


def test_malformed_token_runs_no_query(api: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(0):
        assert_refused(ask(api, "Bearer x.y.z"))


def test_token_accepted_before_is_refused_once_it_expires(api: APIClient, claims: dict[str, Any]) -> None:
    expires = int(time.time()) + 2
    token = sign(claims | {"exp": expires})

    assert ask(api, f"Bearer {token}").status_code == 200

    time.sleep(max(0, expires - time.time()))
    assert_refused(ask(api, f"Bearer {token}"), "token_expired")
