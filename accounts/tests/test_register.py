"""POST /api/register"""

# ruff: noqa: RUF001 - letters that look alike are the point

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from accounts.tests.api import validation_error
from expense_tracker.tests.concurrency import with_own_connection
from expense_tracker.tests.people import PASSWORD

ALREADY_EXISTS = {
    "detail": "User already exists",
    "code": "user_exists",
    "errors": [{"detail": "User already exists", "code": "user_exists", "pointer": "#/username"}],
}


def register(client: APIClient, **credentials: Any) -> Any:
    return client.post("/api/register", {"username": "alice", "password": PASSWORD} | credentials)


def test_registration_creates_a_user_with_a_revision_counter_and_no_rights(api: APIClient) -> None:
    response = register(api)

    user = User.objects.get()
    assert response.status_code == 201
    assert response.json() == {"message": "User created successfully", "user_id": user.pk}
    assert (user.username, user.is_active, user.is_staff, user.is_superuser) == ("alice", True, False, False)
    assert user.check_password(PASSWORD)
    assert RevisionCounter.objects.get().user == user


@pytest.mark.parametrize("username", ["alice", "ALICE", "ａｌｉｃｅ", "Ａlice"])
def test_taken_name_returns_400_in_any_case_and_width(api: APIClient, username: str) -> None:
    register(api)

    response = register(api, username=username)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == ALREADY_EXISTS
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "second"), [("straße", "STRASSE"), ("Σίσυφος", "ΣΊΣΥΦΟΣ"), ("jos\u00e9", "Jose\u0301")]
)
def test_names_are_compared_without_case_in_any_script(api: APIClient, first: str, second: str) -> None:
    assert register(api, username=first).status_code == 201
    assert register(api, username=second).json() == ALREADY_EXISTS


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Alice", "Alice"),
        ("ａｌｉｃｅ", "alice"),
        ("a.b+c-d_e@f", "a.b+c-d_e@f"),
        ("李雷", "李雷"),
        ("x" * 150, "x" * 150),
    ],
)
def test_name_is_stored_as_sent_but_for_its_width(api: APIClient, sent: str, stored: str) -> None:
    assert register(api, username=sent).status_code == 201
    assert User.objects.get().username == stored


@pytest.mark.parametrize("password", [" SecurePassword123! ", "пароль-что-надо", "x9-" * 42])
def test_password_is_stored_untrimmed(api: APIClient, password: str) -> None:
    assert register(api, password=password).status_code == 201
    assert User.objects.get().check_password(password)


REQUIRED = ("required", "This field is required.")
BLANK = ("blank", "This field may not be blank.")
NULL = ("null", "This field may not be null.")
STRING = ("invalid", "Not a valid string.")
NUL = ("null_characters_not_allowed", "Null characters are not allowed.")
TOO_LONG_A_NAME = ("max_length", "Ensure this field has no more than 150 characters.")
NAME = (
    "invalid",
    "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.",
)
UNKNOWN = ("unknown", "Unknown field. Allowed fields: username, password.")


@pytest.mark.parametrize(
    ("member", "value", "code", "message"),
    [
        ("username", ..., *REQUIRED),
        ("username", None, *NULL),
        ("username", "", *BLANK),
        ("username", 1, *STRING),
        ("username", ["alice"], *STRING),
        ("username", "a\x00", *NUL),
        ("username", "x" * 151, *TOO_LONG_A_NAME),
        ("username", "㎏" * 76, *TOO_LONG_A_NAME),
        ("username", " alice", *NAME),
        ("username", "al ice", *NAME),
        ("username", "alice\n", *NAME),
        ("username", "a\u200blice", *NAME),
        ("username", "a/b", *NAME),
        ("password", ..., *REQUIRED),
        ("password", None, *NULL),
        ("password", "", *BLANK),
        ("password", 12345678, *STRING),
        ("password", "x" * 129, "max_length", "Ensure this field has no more than 128 characters."),
        (
            "password",
            "Ab1-xyz",
            "min_length",
            "Ensure this field has at least 8 characters.",
        ),
        ("password", "sunshine", "password_too_common", "This password is too common."),
        ("password", "8374650192", "password_entirely_numeric", "This password is entirely numeric."),
        ("password", "alice-1x", "password_too_similar", "The password is too similar to the username."),
        ("is_staff", True, *UNKNOWN),
        ("email", "alice@example.com", *UNKNOWN),
    ],
)
def test_invalid_registration_returns_400_with_pointer(
    api: APIClient, member: str, value: Any, code: str, message: str
) -> None:
    sent = {"username": "alice", "password": PASSWORD, member: value}
    if value is ...:
        del sent[member]

    response = api.post("/api/register", sent)

    assert response.status_code == 400
    assert response.json() == validation_error(member, code, message)
    assert not User.objects.exists()


def test_registration_runs_five_statements(api: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # the address's counter, is the name taken, savepoint (the test's transaction is around it), user, end of sessions,
    # revision counter, release
    with django_assert_num_queries(7):
        register(api)


def test_taken_name_runs_two_statements(api: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    register(api)

    # the address's counter, is the name taken
    with django_assert_num_queries(2):
        register(api)


@pytest.mark.django_db(transaction=True)
def test_one_of_many_concurrent_registrations_gets_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["alice", "Alice", "ALICE", "ａlice"] * 2
    all_have_found_the_name_free = Barrier(len(names), timeout=10)

    def set_password(user: User, password: str) -> None:
        all_have_found_the_name_free.wait()
        user.password = "!"

    def attempt(username: str) -> Any:
        return with_own_connection(lambda: register(APIClient(), username=username))

    monkeypatch.setattr(User, "set_password", set_password)
    with ThreadPoolExecutor(len(names)) as pool:
        responses = list(pool.map(attempt, names))

    assert sorted(response.status_code for response in responses) == [201] + [400] * 7
    assert all(response.json() == ALREADY_EXISTS for response in responses if response.status_code == 400)
    assert User.objects.count() == RevisionCounter.objects.count() == 1


@pytest.mark.parametrize("username", ["bob", "alice", ""], ids=["a new name", "a taken name", "no name"])
def test_registration_can_be_closed(api: APIClient, settings: Any, username: str) -> None:
    register(api)
    settings.REGISTRATION_OPEN = False

    response = register(api, username=username)

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": "Registration is closed. Ask whoever runs this service for an account.",
        "code": "registration_closed",
    }
    assert User.objects.count() == 1
    assert api.post("/api/login", {"username": "alice", "password": PASSWORD}).status_code == 200
