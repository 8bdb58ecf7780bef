"""POST /api/login"""

# ruff: noqa: RUF001 - letters that look alike are the point

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from accounts.models import User

PASSWORD = "SecurePassword123!"
INVALID = {"detail": "Invalid credentials", "code": "invalid_credentials"}
ALICE = {"username": "alice", "password": PASSWORD}


@pytest.fixture(autouse=True)
def registered_alice(api: APIClient) -> None:
    assert api.post("/api/register", ALICE).status_code == 201


def test_a_login_answers_a_token_that_opens_the_api(api: APIClient) -> None:
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
def test_case_width_and_surrounding_white_space_of_the_user_name_do_not_matter(api: APIClient, username: str) -> None:
    assert api.post("/api/login", ALICE | {"username": username}).status_code == 200


def test_a_form_logs_in_as_the_password_flow_of_oauth2_sends_it(api: APIClient) -> None:
    form = ALICE | {"grant_type": "password", "scope": "", "client_id": "docs", "client_secret": ""}

    response = api.post("/api/login", urlencode(form), content_type="application/x-www-form-urlencoded")

    assert response.status_code == 200
    assert response.json()["token_type"] == "bearer"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "nope-nope-nope"},
        {"password": PASSWORD.lower()},
        {"password": f"{PASSWORD} "},
        {"password": PASSWORD * 1000},
        {"username": "bob"},
        {"username": "al ice"},
        {"username": " "},
        {"username": "alice" * 1000},
    ],
)
def test_wrong_credentials_are_all_answered_alike(api: APIClient, wrong: dict[str, str]) -> None:
    response = api.post("/api/login", ALICE | wrong)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == INVALID


def test_nobody_logs_in_to_an_inactive_account(api: APIClient) -> None:
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
def test_a_login_that_is_not_as_agreed_is_refused_by_name(
    api: APIClient, member: str, value: Any, code: str, message: str
) -> None:
    sent: dict[str, Any] = ALICE | {member: value}
    if value is ...:
        del sent[member]

    response = api.post("/api/login", sent)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }


def test_a_login_is_five_statements(api: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # counters, user, refund, savepoint (the test's transaction is around it), user's last login, session, release
    with django_assert_num_queries(7):
        api.post("/api/login", ALICE)
