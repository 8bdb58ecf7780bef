"""/admin/accounts/user/: deactivation, and the end of all sessions"""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.admin.users import USERS, history, login_status, page_of, user_of
from expense_tracker.tests.people import PASSWORD


def act(client: Client, action: str, *usernames: str) -> list[str]:
    """Run the action on the users, and return its messages."""
    selected = [str(user_of(username).pk) for username in usernames]
    response = client.post(USERS, {"action": action, "_selected_action": selected}, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def test_all_sessions_of_selected_users_are_ended(admin_client: Client, alice: APIClient, bob: APIClient) -> None:
    alice.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"})

    assert act(admin_client, "end_sessions", "alice") == ["2 sessions were ended."]

    assert alice.get("/api/me").status_code == 401
    assert bob.get("/api/me").status_code == 200
    assert login_status("alice", PASSWORD) == 200
    assert history("alice") == [("admin", "Ended all sessions.")]
    assert history("bob") == []


def test_deactivation_ends_the_sessions(
    admin_client: Client, alice: APIClient, bob: APIClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "expense_tracker.security"):
        assert act(admin_client, "deactivate", "alice") == ["1 user was deactivated."]

    assert alice.get("/api/me").status_code == 401
    assert login_status("alice", PASSWORD) == 401
    assert bob.get("/api/me").status_code == 200
    assert history("alice") == [("admin", "Deactivated.")]
    assert {"user deactivated", "session revoked"} <= set(caplog.messages)
    # Let in again, nobody gets an old session back.
    User.objects.update(is_active=True)
    assert alice.get("/api/me").status_code == 401
    assert login_status("alice", PASSWORD) == 200


def test_deactivation_by_the_form_ends_the_sessions(admin_client: Client, alice: APIClient) -> None:
    tokens = APIClient().post("/api/login", {"username": "alice", "password": PASSWORD}).json()

    admin_client.post(page_of("alice"), {"username": "alice"})

    assert alice.get("/api/me").status_code == 401
    assert APIClient().post("/api/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    # Let in again, nobody gets an old session back.
    User.objects.update(is_active=True)
    assert alice.get("/api/me").status_code == 401


def test_own_account_cannot_be_deactivated(admin_client: Client, alice: APIClient) -> None:
    messages = act(admin_client, "deactivate", "admin", "alice")

    assert messages == ["1 user was deactivated.", "Nobody deactivates themselves, and only a superuser staff."]
    assert user_of("admin").is_active
    assert not user_of("alice").is_active
    assert history("admin") == []


@pytest.mark.parametrize("above", [{"is_superuser": True, "is_staff": True}, {"is_staff": True}])
def test_only_superusers_deactivate_staff(clerk: Client, above: dict[str, Any]) -> None:
    User.objects.create_user("boss", **above)

    messages = act(clerk, "deactivate", "boss", "clerk")

    assert messages == ["0 users were deactivated.", "Nobody deactivates themselves, and only a superuser staff."]
    assert User.objects.filter(is_active=True).count() == 2


@pytest.mark.parametrize("number", [3, 60])
@pytest.mark.parametrize("action", ["deactivate", "end_sessions"])
def test_action_runs_the_same_queries_for_few_users_and_many(
    admin_client: Client, django_assert_max_num_queries: Callable[..., Any], action: str, number: int
) -> None:
    users = [User.objects.create_user(f"person{index}") for index in range(number)]
    form = {"action": action, "_selected_action": [str(user.pk) for user in users]}

    with django_assert_max_num_queries(30):
        admin_client.post(USERS, form)

    assert LogEntry.objects.count() == number
