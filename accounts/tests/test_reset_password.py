"""`manage.py reset_password USERNAME`"""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.tests.concurrency import DEVICES, run_concurrently
from expense_tracker.tests.people import PASSWORD

ANOTHER = "correct horse battery staple"
REFUSED = {"detail": "Invalid credentials"}


def reset_password(username: str = "alice") -> str:
    output = StringIO()
    call_command("reset_password", username, stdout=output)
    message, password = output.getvalue().splitlines()
    assert message == f"All sessions of {username} are ended. This password logs in once:"
    assert len(password) == 16
    return password


def log_in(password: str, username: str = "alice") -> Any:
    return APIClient().post("/api/login", {"username": username, "password": password})


def client_of(tokens: dict[str, Any]) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}")
    return client


@pytest.mark.parametrize("username", ["alice", "ALICE"])
def test_the_password_that_is_printed_logs_in_once(alice: APIClient, bob: APIClient, username: str) -> None:
    personal = alice.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"}).json()

    password = reset_password(username)

    assert [client.get("/api/me").status_code for client in (alice, client_of(personal), bob)] == [401, 401, 200]
    assert log_in(PASSWORD).status_code == 401
    first, second = log_in(password), log_in(password)
    assert first.status_code == 200
    assert client_of(first.json()).get("/api/me").json()["username"] == "alice"
    assert (second.status_code, second.json()["detail"]) == (401, REFUSED["detail"])
    assert log_in(PASSWORD, "bob").status_code == 200


def test_whoever_has_logged_in_with_it_chooses_a_password_that_stays(alice: APIClient) -> None:
    password = reset_password()
    client = client_of(log_in(password).json())

    response = client.post("/api/me/password", {"current_password": password, "new_password": ANOTHER})

    assert response.status_code == 200
    assert client_of(response.json()).get("/api/me").status_code == 200
    assert [log_in(ANOTHER).status_code for _ in range(3)] == [200, 200, 200]


def test_a_session_that_it_has_opened_is_as_any_other(alice: APIClient) -> None:
    tokens = log_in(reset_password()).json()
    script = {"name": "Script", "expires_in_days": 1, "scope": "read"}

    assert APIClient().post("/api/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 200
    assert client_of(tokens).post("/api/sessions", script).status_code == 201


def test_a_second_reset_makes_the_first_password_void(alice: APIClient) -> None:
    first, second = reset_password(), reset_password()

    assert log_in(first).status_code == 401
    assert log_in(second).status_code == 200


def test_a_hash_that_is_brought_up_to_date_logs_in_once_all_the_same(alice: APIClient, settings: Any) -> None:
    password = reset_password()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]

    assert [log_in(password).status_code for _ in range(2)] == [200, 401]
    assert User.objects.get().password.startswith("pbkdf2_")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("unlimited")
def test_of_log_ins_at_once_one_succeeds(alice: APIClient) -> None:
    password = reset_password()

    responses = run_concurrently(lambda _: log_in(password).status_code)

    assert sorted(responses) == [200, *[401] * (DEVICES - 1)]


def test_staff_log_in_to_the_admin_with_it_once(db: None, client: Client) -> None:
    User.objects.create_superuser("sarah", PASSWORD)
    credentials = {"username": "sarah", "password": reset_password("sarah")}

    assert client.post("/admin/login/", credentials).status_code == 302
    again = Client().post("/admin/login/", credentials)

    assert again.status_code == 200
    [message] = again.context["form"].non_field_errors()
    assert message.startswith("Please enter the correct username and password for a staff account.")
    assert log_in(credentials["password"], "sarah").status_code == 401


def test_the_admin_does_not_use_it_up_for_those_whom_it_does_not_let_in(alice: APIClient) -> None:
    password = reset_password()

    assert Client().post("/admin/login/", {"username": "alice", "password": password}).status_code == 200

    assert log_in(password).status_code == 200


@pytest.mark.parametrize("username", ["bob", "carol"])
def test_nobody_else_is_given_one(alice: APIClient, bob: APIClient, username: str) -> None:
    User.objects.filter(username="bob").update(is_active=False)
    before = list(User.objects.order_by("pk").values())

    with pytest.raises(CommandError, match=f"^There is no active user {username}\\.$"):
        reset_password(username)

    assert list(User.objects.order_by("pk").values()) == before
