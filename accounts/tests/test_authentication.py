"""`Authorization: Bearer …`, on any endpoint that wants it."""

# ruff: noqa: RUF001 - letters that look alike are the point

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.models import User

HEADER = {"alg": "HS256", "typ": "JWT"}
REFUSED = {"detail": "Could not validate credentials"}
OTHER_KEY = "another key, of more than fifty characters, than the server's"


@pytest.fixture
def token(alice: APIClient, api: APIClient) -> str:
    response = api.post("/api/login", {"username": "alice", "password": "SecurePassword123!"})
    access_token: str = response.json()["access_token"]
    return access_token


@pytest.fixture
def claims(token: str) -> dict[str, Any]:
    """What alice's own token says."""
    return jwt.decode(token, options={"verify_signature": False})


def sign(payload: bytes, header: dict[str, Any]) -> str:
    """A token with the server's own signature. Libraries refuse to make most of those that are odd."""

    def encode(part: bytes) -> bytes:
        return base64.urlsafe_b64encode(part).rstrip(b"=")

    signed = encode(json.dumps(header).encode()) + b"." + encode(payload)
    return (signed + b"." + encode(hmac.digest(settings.SECRET_KEY.encode(), signed, hashlib.sha256))).decode()


def ask(client: APIClient, authorization: str) -> Any:
    return client.get("/api/expenses", HTTP_AUTHORIZATION=authorization)


def assert_refused(response: Any) -> None:
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == REFUSED


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_the_scheme_counts_without_regard_to_case(api: APIClient, token: str, scheme: str) -> None:
    assert ask(api, f"{scheme} {token}").status_code == 200


@pytest.mark.parametrize("authorization", ["", "Basic YWxpY2U6eA==", "Token {token}", "{token}", "Bearer{token}"])
def test_without_a_bearer_token_credentials_are_missing(api: APIClient, token: str, authorization: str) -> None:
    response = ask(api, authorization.format(token=token))

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json() == {"detail": "Authentication credentials were not provided."}


def test_a_token_that_the_server_signed_itself_is_taken(api: APIClient, claims: dict[str, Any]) -> None:
    """The tests of changed claims below would prove nothing otherwise."""
    assert ask(api, f"Bearer {sign(json.dumps(claims).encode(), HEADER)}").status_code == 200


def test_a_token_is_valid_for_half_an_hour(claims: dict[str, Any]) -> None:
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
def test_garbage_is_refused(api: APIClient, token: str, garbage: str) -> None:
    assert_refused(ask(api, f"Bearer {garbage.format(token=token)}"))


# Written out, so that the names of the tests are the same in every process: 2001, 2065.
PAST, FUTURE = 1_000_000_000, 3_000_000_000
ODD_CLAIMS: dict[str, list[Any]] = {
    "sub": [None, "", "x", "0", "-1", "+1", "1_0", "1.0", " 1", "١", "9" * 19, "9" * 1000, 1, True, [1], {}],
    "exp": [None, 0, -1, PAST, 10**30, -(10**30), "soon", [1], {}],
    "iat": ["x", [1], 10**30],
    "nbf": [FUTURE, 10**30],
    "iss": [None, "", "somebody", ["expense-tracker"]],
    "aud": [None, "", "something", ["something"], 1],
    "token_type": [None, "refresh", "sliding", 1],
}


@pytest.mark.parametrize("change", [{name: value} for name, odd in ODD_CLAIMS.items() for value in odd], ids=ascii)
def test_a_signed_token_with_odd_claims_is_refused(
    api: APIClient, claims: dict[str, Any], change: dict[str, Any]
) -> None:
    assert_refused(ask(api, f"Bearer {sign(json.dumps(claims | change).encode(), HEADER)}"))


@pytest.mark.parametrize("claim", ["sub", "exp", "iss", "aud", "token_type"])
def test_a_signed_token_that_lacks_a_claim_is_refused(api: APIClient, claims: dict[str, Any], claim: str) -> None:
    del claims[claim]

    assert_refused(ask(api, f"Bearer {sign(json.dumps(claims).encode(), HEADER)}"))


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b"null", b"1", b'"x"', b"\xff", b"[" * 1200, b'{"exp":' + b"9" * 5000 + b"}", b'{"exp": NaN}'],
)
def test_a_signed_token_that_is_no_claims_at_all_is_refused(api: APIClient, payload: bytes) -> None:
    assert_refused(ask(api, f"Bearer {sign(payload, HEADER)}"))


@pytest.mark.parametrize(("key", "algorithm"), [(OTHER_KEY, "HS256"), ("", "none"), (settings.SECRET_KEY, "HS384")])
def test_a_forged_token_is_refused(api: APIClient, claims: dict[str, Any], key: str, algorithm: str) -> None:
    assert_refused(ask(api, f"Bearer {jwt.encode(claims, key, algorithm)}"))


@pytest.mark.parametrize(
    "change",
    [{"alg": "none"}, {"alg": None}, {"alg": ["HS256"]}, {"crit": ["x"]}, {"b64": False}, {"kid": 1}],
    ids=ascii,
)
def test_a_signed_token_with_an_odd_header_is_refused(
    api: APIClient, claims: dict[str, Any], change: dict[str, Any]
) -> None:
    assert_refused(ask(api, f"Bearer {sign(json.dumps(claims).encode(), HEADER | change)}"))


def test_an_account_that_was_switched_off_is_refused_at_once(alice: APIClient) -> None:
    User.objects.update(is_active=False)

    assert_refused(alice.get("/api/expenses"))


def test_an_account_that_was_erased_is_refused_at_once(alice: APIClient) -> None:
    User.objects.all().delete()

    assert_refused(alice.get("/api/expenses"))


def test_authentication_is_one_query(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # the user together with the ledger; a body that is refused reads nothing else
    with django_assert_num_queries(1):
        assert alice.post("/api/expenses", {}).status_code == 400


def test_garbage_costs_no_query(api: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(0):
        assert_refused(ask(api, "Bearer x.y.z"))


def test_a_token_that_was_taken_before_is_refused_when_its_time_has_come(
    api: APIClient, claims: dict[str, Any]
) -> None:
    expires = int(time.time()) + 2
    token = sign(json.dumps(claims | {"exp": expires}).encode(), HEADER)

    assert ask(api, f"Bearer {token}").status_code == 200

    time.sleep(max(0, expires - time.time()))
    assert_refused(ask(api, f"Bearer {token}"))
