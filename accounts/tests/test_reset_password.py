"""`manage.py reset_password USERNAME`"""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.api import ANOTHER, client_with, log_in
from expense_tracker.tests.concurrency import DEVICES, run_concurrently
from expense_tracker.tests.people import PASSWORD

REFUSED = {"detail": "Invalid credentials"}


def reset_password(username: str = "alice") -> str:
    output = StringIO()
    call_command("reset_password", username, stdout=output)
    message, password = output.getvalue().splitlines()
    assert message == f"All sessions of {username} are ended. This password logs in once:"
    assert len(password) == 16
    return password


@pytest.mark.parametrize("username", ["alice", "ALICE"])
def test_printed_password_logs_in_once(alice: APIClient, bob: APIClient, username: str) -> None:
    personal = alice.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"}).json()

    password = reset_password(username)

    assert [client.get("/api/me").status_code for client in (alice, client_with(personal["access_token"]), bob)] == [
        401,
        401,
        200,
    ]
    assert log_in().status_code == 401
    first, second = log_in(password=password), log_in(password=password)
    assert first.status_code == 200
    assert client_with(first.json()["access_token"]).get("/api/me").json()["username"] == "alice"
    assert (second.status_code, second.json()["detail"]) == (401, REFUSED["detail"])
    assert log_in("bob").status_code == 200


def test_password_chosen_afterwards_is_permanent(alice: APIClient) -> None:
    password = reset_password()
    client = client_with(log_in(password=password).json()["access_token"])

    response = client.post("/api/me/password", {"current_password": password, "new_password": ANOTHER})

    assert response.status_code == 200
    assert client_with(response.json()["access_token"]).get("/api/me").status_code == 200
    assert [log_in(password=ANOTHER).status_code for _ in range(3)] == [200, 200, 200]


def test_session_opened_with_it_is_an_ordinary_one(alice: APIClient) -> None:
    tokens = log_in(password=reset_password()).json()
    script = {"name": "Script", "expires_in_days": 1, "scope": "read"}

    assert APIClient().post("/api/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 200
    assert client_with(tokens["access_token"]).post("/api/sessions", script).status_code == 201


def test_second_reset_invalidates_the_first_password(alice: APIClient) -> None:
    first, second = reset_password(), reset_password()

    assert log_in(password=first).status_code == 401
    assert log_in(password=second).status_code == 200


def test_upgraded_hash_still_logs_in_only_once(alice: APIClient, settings: Any) -> None:
    password = reset_password()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]

    assert [log_in(password=password).status_code for _ in range(2)] == [200, 401]
    assert User.objects.get().password.startswith("pbkdf2_")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlimited")
def test_one_of_many_concurrent_logins_succeeds(alice: APIClient) -> None:
    password = reset_password()

    responses = run_concurrently(lambda _: log_in(password=password).status_code)

    assert sorted(responses) == [200, *[401] * (DEVICES - 1)]


def test_staff_log_in_to_the_admin_once(db: None, client: Client) -> None:
    User.objects.create_superuser("sarah", PASSWORD)
    credentials = {"username": "sarah", "password": reset_password("sarah")}

    assert client.post("/admin/login/", credentials).status_code == 302
    again = Client().post("/admin/login/", credentials)

    assert again.status_code == 200
    [message] = again.context["form"].non_field_errors()
    assert message.startswith("Please enter the correct username and password for a staff account.")
    assert log_in("sarah", credentials["password"]).status_code == 401


def test_refused_admin_login_does_not_use_up_the_password(alice: APIClient) -> None:
    password = reset_password()

    assert Client().post("/admin/login/", {"username": "alice", "password": password}).status_code == 200

    assert log_in(password=password).status_code == 200


@pytest.mark.parametrize("username", ["bob", "carol"])
def test_unknown_or_inactive_user_is_an_error(alice: APIClient, bob: APIClient, username: str) -> None:
    User.objects.filter(username="bob").update(is_active=False)
    before = list(User.objects.order_by("pk").values())

    with pytest.raises(CommandError, match=f"^There is no active user {username}\\.$"):
        reset_password(username)

    assert list(User.objects.order_by("pk").values()) == before
