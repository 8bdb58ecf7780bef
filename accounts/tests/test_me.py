"""GET /api/me, POST /api/me/password, POST /api/me/delete"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from rest_framework.test import APIClient

from accounts import actions
from accounts.models import RevisionCounter, Session, User
from accounts.tests.refusals import assert_refused
from expense_tracker.tests.concurrency import with_own_connection

PASSWORD = "SecurePassword123!"
ANOTHER = "correct horse battery staple"
CHANGE = {"current_password": PASSWORD, "new_password": ANOTHER}
Expense: Any = apps.get_model("expenses", "Expense")


def log_in(username: str, password: str) -> Any:
    return APIClient().post("/api/login", {"username": username, "password": password})


def validation_error(member: str, code: str, message: str) -> dict[str, Any]:
    return {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }


def test_me_says_who_one_is(alice: APIClient, bob: APIClient) -> None:
    response = bob.get("/api/me")

    user = User.objects.get(username="bob")
    assert response.status_code == 200
    assert response.json() == {
        "id": user.pk,
        "username": "bob",
        "timezone": "UTC",
        "created_at": user.date_joined.isoformat().replace("+00:00", "Z"),
    }


def test_me_is_one_query(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # authentication
    with django_assert_num_queries(1):
        alice.get("/api/me")


@pytest.mark.parametrize("new_password", [ANOTHER, f"  {ANOTHER}\t", "x9-" * 42 + "x9"])
def test_a_changed_password_is_the_only_one_that_logs_in(alice: APIClient, bob: APIClient, new_password: str) -> None:
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
        ("/api/me/password", "current_password", CHANGE | {"current_password": "nope-nope-nope"}),
        ("/api/me/password", "current_password", CHANGE | {"current_password": f"{PASSWORD} "}),
        ("/api/me/delete", "password", {"password": "nope-nope-nope"}),
        ("/api/me/delete", "password", {"password": PASSWORD.lower()}),
    ],
)
def test_wrong_passwords_change_nothing_and_are_limited_apart_from_logins(
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
def test_strangers_who_try_to_log_in_keep_nobody_from_their_account(alice: APIClient, settings: Any, path: str) -> None:
    settings.LOGINS_PER_NAME = settings.LOGINS_PER_NAME_AND_ADDRESS = 1
    assert [log_in("alice", "nope-nope-nope").status_code for _ in range(2)] == [401, 429]

    assert alice.post(f"/api/me/{path}", CHANGE if path == "password" else {"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("password", [CHANGE, {"password": PASSWORD}], ids=["change", "deletion"])
def test_a_right_password_is_not_counted(alice: APIClient, settings: Any, password: dict[str, str]) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 1

    path = "/api/me/password" if password is CHANGE else "/api/me/delete"
    assert alice.post(path, password).status_code == 200

    assert log_in("alice", "nope-nope-nope").status_code == 401


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
def test_what_is_not_as_agreed_is_refused_by_name(
    alice: APIClient, path: str, sent: dict[str, Any], error: tuple[str, str, str]
) -> None:
    complete = {"password": CHANGE, "delete": {"password": PASSWORD}}[path] | sent
    if error[1] == "required":
        del complete[error[0]]

    response = alice.post(f"/api/me/{path}", complete)

    assert response.status_code == 400
    assert response.json() == validation_error(*error)
    assert log_in("alice", PASSWORD).status_code == 200


def test_an_erased_account_leaves_nothing_behind(alice: APIClient, bob: APIClient) -> None:
    for client in (alice, bob):
        expense = client.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["id"]
        client.post("/api/expenses", {"amount": 2, "category": "Food"})
        client.delete(f"/api/expenses/{expense}")
        client.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"})

    response = alice.post("/api/me/delete", {"password": PASSWORD})

    assert response.status_code == 200
    assert response.json() == {"message": "Account deleted successfully"}
    assert log_in("alice", PASSWORD).json() == {"detail": "Invalid credentials", "code": "invalid_credentials"}
    bobs = User.objects.get()
    assert bobs.username == "bob"
    assert RevisionCounter.objects.get().user == bobs
    assert set(Session.objects.values_list("user", "name")) == {(bobs.pk, ""), (bobs.pk, "Script")}
    assert list(Expense.objects.values_list("owner", flat=True)) == [bobs.pk, bobs.pk]
    assert len(bob.get("/api/expenses").json()) == 1
    again = APIClient().post("/api/register", {"username": "alice", "password": PASSWORD})
    assert again.status_code == 201
    assert again.json()["user_id"] != bobs.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("post", "/api/expenses", {"amount": 2, "category": "Food"}),
        ("put", "{expense}", {"amount": 2, "category": "Food"}),
        ("patch", "{expense}", {"amount": 2}),
        ("delete", "{expense}", None),
        ("post", "/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"}),
        ("post", "/api/me/password", CHANGE),
        ("post", "/api/me/delete", {"password": PASSWORD}),
    ],
)
def test_a_write_that_waits_for_an_erasure_is_refused_and_leaves_nothing_behind(
    alice: APIClient, method: str, path: str, sent: Any
) -> None:
    expense = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.erase_account(user=User.objects.get())
            response = pool.submit(with_own_connection, getattr(alice, method), path.format(expense=expense), sent)
            time.sleep(0.05)  # it passes authentication and comes to the lock
            assert not response.done()
        refused = response.result(timeout=10)

    assert_refused(refused, "session_ended")
    models: list[Any] = [User, RevisionCounter, Session, Expense]
    assert [model.objects.count() for model in models] == [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_an_erasure_waits_for_a_session_that_is_being_opened(alice: APIClient) -> None:
    user = User.objects.get()
    opened = Event()

    def open_session() -> None:
        with transaction.atomic():
            assert actions.open_session(user=user, user_agent="") is not None
            opened.set()
            time.sleep(0.05)  # the erasure comes to the lock

    with ThreadPoolExecutor(1) as pool:
        login = pool.submit(with_own_connection, open_session)
        assert opened.wait(10)
        response = alice.post("/api/me/delete", {"password": PASSWORD})
        login.result(timeout=10)

    assert response.status_code == 200
    assert [model.objects.count() for model in (User, RevisionCounter, Session)] == [0, 0, 0]


def test_a_change_of_the_password_is_counted_in_statements(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication, the attempt counted, the attempt refunded; savepoint (the test's transaction is around it),
    # user locked, password, sessions ended, release; savepoint, last login, new session, release
    with django_assert_num_queries(12):
        alice.post("/api/me/password", CHANGE)
