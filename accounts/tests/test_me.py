"""GET /api/me, POST /api/me/password, POST /api/me/delete"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.api import ANOTHER, CHANGE, WRONG, log_in, validation_error
from expense_tracker.tests.people import PASSWORD


def test_me_returns_the_authenticated_user(alice: APIClient, bob: APIClient) -> None:
    response = bob.get("/api/me")

    user = User.objects.get(username="bob")
    assert response.status_code == 200
    assert response.json() == {
        "id": user.pk,
        "username": "bob",
        "timezone": "UTC",
        "created_at": user.date_joined.isoformat().replace("+00:00", "Z"),
    }


def test_me_runs_one_query(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # authentication
    with django_assert_num_queries(1):
        alice.get("/api/me")


@pytest.mark.parametrize("new_password", [ANOTHER, f"  {ANOTHER}\t", "x9-" * 42 + "x9"])
def test_only_the_changed_password_logs_in(alice: APIClient, bob: APIClient, new_password: str) -> None:
    response = alice.post("/api/me/password", CHANGE | {"new_password": new_password}, HTTP_USER_AGENT="Phone")

    body = response.json()
    assert response.status_code == 200
    assert body == {
        "access_token": body["access_token"],
        "token_type": "bearer",
        "expires_in": 1800,
        "refresh_token": body["refresh_token"],
    }
    api = APIClient()
    [session] = api.get("/api/sessions", HTTP_AUTHORIZATION=f"Bearer {body['access_token']}").json()
    assert session["current"] is True
    assert session["user_agent"] == "Phone"
    assert api.post("/api/refresh", {"refresh_token": body["refresh_token"]}).status_code == 200
    assert log_in("alice", new_password).status_code == 200
    assert log_in("alice", PASSWORD).status_code == 401
    assert log_in("alice", new_password.strip()).status_code == (200 if new_password == new_password.strip() else 401)
    assert log_in("bob", PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("path", "member", "sent"),
    [
        ("/api/me/password", "current_password", CHANGE | {"current_password": WRONG}),
        ("/api/me/password", "current_password", CHANGE | {"current_password": f"{PASSWORD} "}),
        ("/api/me/delete", "password", {"password": WRONG}),
        ("/api/me/delete", "password", {"password": PASSWORD.lower()}),
    ],
)
def test_wrong_passwords_change_nothing_and_have_a_limit_of_their_own(
    alice: APIClient, settings: Any, path: str, member: str, sent: dict[str, str]
) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 2

    for _ in range(2):
        response = alice.post(path, sent)
        assert response.status_code == 400
        assert response.json() == validation_error(member, "invalid", "This is not your password.")

    assert alice.post(path, sent).status_code == 429
    assert log_in("alice", PASSWORD).status_code == 200
    assert alice.get("/api/me").status_code == 200
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("path", ["password", "delete"])
def test_failed_logins_of_strangers_do_not_lock_the_user_out(alice: APIClient, settings: Any, path: str) -> None:
    settings.LOGINS_PER_NAME = settings.LOGINS_PER_NAME_AND_ADDRESS = 1
    assert [log_in("alice", WRONG).status_code for _ in range(2)] == [401, 429]

    assert alice.post(f"/api/me/{path}", CHANGE if path == "password" else {"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("password", [CHANGE, {"password": PASSWORD}], ids=["change", "deletion"])
def test_right_password_is_not_counted(alice: APIClient, settings: Any, password: dict[str, str]) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 1

    path = "/api/me/password" if password is CHANGE else "/api/me/delete"
    assert alice.post(path, password).status_code == 200

    assert log_in("alice", WRONG).status_code == 401


@pytest.mark.parametrize(
    ("path", "sent", "error"),
    [
        ("password", {}, ("current_password", "required", "This field is required.")),
        ("password", {"current_password": None}, ("current_password", "null", "This field may not be null.")),
        ("password", {"new_password": 12345678}, ("new_password", "invalid", "Not a valid string.")),
        (
            "password",
            {"new_password": "Ab1-xyz"},
            ("new_password", "min_length", "Ensure this field has at least 8 characters."),
        ),
        (
            "password",
            {"new_password": "x" * 129},
            ("new_password", "max_length", "Ensure this field has no more than 128 characters."),
        ),
        (
            "password",
            {"new_password": "sunshine"},
            ("new_password", "password_too_common", "This password is too common."),
        ),
        (
            "password",
            {"new_password": "8374650192"},
            ("new_password", "password_entirely_numeric", "This password is entirely numeric."),
        ),
        (
            "password",
            {"new_password": "alice-1x"},
            ("new_password", "password_too_similar", "The password is too similar to the username."),
        ),
        (
            "password",
            {"username": "bob"},
            ("username", "unknown", "Unknown field. Allowed fields: current_password, new_password."),
        ),
        ("delete", {}, ("password", "required", "This field is required.")),
        ("delete", {"password": ""}, ("password", "blank", "This field may not be blank.")),
        (
            "delete",
            {"password": "a\x00"},
            ("password", "null_characters_not_allowed", "Null characters are not allowed."),
        ),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    alice: APIClient, path: str, sent: dict[str, Any], error: tuple[str, str, str]
) -> None:
    complete = {"password": CHANGE, "delete": {"password": PASSWORD}}[path] | sent
    if error[1] == "required":
        del complete[error[0]]

    response = alice.post(f"/api/me/{path}", complete)

    assert response.status_code == 400
    assert response.json() == validation_error(*error)
    assert log_in("alice", PASSWORD).status_code == 200


def test_password_change_runs_seven_statements_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication, the attempt counted, the attempt refunded; savepoint (the test's transaction is around it),
    # user locked, password, sessions ended, release; savepoint, last login, new session, release
    with django_assert_num_queries(12):
        alice.post("/api/me/password", CHANGE)
