"""POST /api/login"""

# ruff: noqa: RUF001 - letters that look alike are the point

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.api import ALICE, WRONG, validation_error
from expense_tracker.tests.people import PASSWORD

INVALID = {"detail": "Invalid credentials", "code": "invalid_credentials"}


@pytest.fixture(autouse=True)
def registered_alice(api: APIClient) -> None:
    assert api.post("/api/register", ALICE).status_code == 201


def test_login_returns_a_working_access_token(api: APIClient) -> None:
    response = api.post("/api/login", ALICE)

    body = response.json()
    assert response.status_code == 200
    assert body == {
        "access_token": body["access_token"],
        "token_type": "bearer",
        "expires_in": 1800,
        "refresh_token": body["refresh_token"],
    }
    assert api.get("/api/expenses", HTTP_AUTHORIZATION=f"Bearer {body['access_token']}").json() == []


@pytest.mark.parametrize("username", ["Alice", "ALICE", "ａｌｉｃｅ", "alice ", "\t alice\u00a0"])
def test_name_is_matched_without_case_width_and_surrounding_spaces(api: APIClient, username: str) -> None:
    assert api.post("/api/login", ALICE | {"username": username}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": WRONG},
        {"password": PASSWORD.lower()},
        {"password": f"{PASSWORD} "},
        {"password": PASSWORD * 1000},
        {"username": "bob"},
        {"username": "al ice"},
        {"username": " "},
        {"username": "alice" * 1000},
    ],
)
def test_wrong_credentials_all_return_the_same_401(api: APIClient, wrong: dict[str, str]) -> None:
    response = api.post("/api/login", ALICE | wrong)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == INVALID


def test_inactive_account_returns_401(api: APIClient) -> None:
    User.objects.update(is_active=False)

    response = api.post("/api/login", ALICE)

    assert response.status_code == 401
    assert response.json() == INVALID


@pytest.mark.parametrize("header", ["Bearer x.y.z", "Basic eDp5", "Bearer"])
def test_login_ignores_stale_authorization_header(api: APIClient, header: str) -> None:
    assert api.post("/api/login", ALICE, HTTP_AUTHORIZATION=header).status_code == 200


@pytest.mark.parametrize(
    ("member", "value", "code", "message"),
    [
        ("username", ..., "required", "This field is required."),
        ("password", ..., "required", "This field is required."),
        ("username", "", "blank", "This field may not be blank."),
        ("password", None, "null", "This field may not be null."),
        ("username", 1, "invalid", "Not a valid string."),
        ("password", {}, "invalid", "Not a valid string."),
        ("username", "a\x00", "null_characters_not_allowed", "Null characters are not allowed."),
        ("scope", "", "unknown", "Unknown field. Allowed fields: username, password."),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    api: APIClient, member: str, value: Any, code: str, message: str
) -> None:
    sent: dict[str, Any] = ALICE | {member: value}
    if value is ...:
        del sent[member]

    response = api.post("/api/login", sent)

    assert response.status_code == 400
    assert response.json() == validation_error(member, code, message)


def test_login_runs_five_statements(api: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # the attempt counted, user, the attempt refunded, savepoint (the test's transaction is around it), last login,
    # session, release
    with django_assert_num_queries(7):
        api.post("/api/login", ALICE)
