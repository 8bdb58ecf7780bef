"""Logout, password change, deactivation and erasure: each ends sessions at once."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import actions
from accounts.exceptions import CredentialsChanged
from accounts.models import Session, User
from accounts.tests.api import ANOTHER, SCRIPT, client_with, log_in
from accounts.tests.refusals import assert_refused
from expense_tracker.tests.people import PASSWORD


def test_session_is_ended_from_another_device(alice: APIClient) -> None:
    lost = log_in().json()
    [session_id] = [session["id"] for session in alice.get("/api/sessions").json() if not session["current"]]

    response = alice.delete(f"/api/sessions/{session_id}")

    assert response.status_code == 200
    assert response.json() == {"message": "Session ended successfully"}
    assert_refused(client_with(lost["access_token"]).get("/api/me"), "session_ended")
    assert_refused(
        APIClient().post("/api/refresh", {"refresh_token": lost["refresh_token"]}), "session_ended", challenge="Bearer"
    )
    assert [session["current"] for session in alice.get("/api/sessions").json()] == [True]


def test_current_session_can_be_ended(alice: APIClient) -> None:
    assert alice.delete(f"/api/sessions/{Session.objects.get().pk}").status_code == 200
    assert_refused(alice.get("/api/me"), "session_ended")


def log_out(client: APIClient) -> None:
    """End the other sessions one by one, then log out of this one."""
    for session in client.get("/api/sessions").json():
        if not session["current"]:
            assert client.delete(f"/api/sessions/{session['id']}").status_code == 200
    assert client.post("/api/logout").status_code == 200


def change_password(client: APIClient) -> None:
    sent = {"current_password": PASSWORD, "new_password": ANOTHER}
    assert client.post("/api/me/password", sent).status_code == 200


def deactivate(client: APIClient) -> None:
    User.objects.filter(username="alice").update(is_active=False)


def erase(client: APIClient) -> None:
    assert client.post("/api/me/delete", {"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("end", [log_out, change_password, deactivate, erase])
def test_every_token_is_refused_at_the_next_request(
    alice: APIClient, bob: APIClient, end: Callable[[APIClient], None]
) -> None:
    tokens = log_in().json()
    script = alice.post("/api/sessions", SCRIPT).json()

    end(alice)

    assert_refused(alice.get("/api/me"), "session_ended")
    assert_refused(client_with(tokens["access_token"]).get("/api/expenses"), "session_ended")
    assert_refused(
        client_with(tokens["access_token"]).post("/api/expenses", {"amount": 1, "category": "Food"}), "session_ended"
    )
    assert_refused(
        APIClient().post("/api/refresh", {"refresh_token": tokens["refresh_token"]}),
        "session_ended",
        challenge="Bearer",
    )
    assert_refused(client_with(script["access_token"]).get("/api/expenses"), "session_ended")
    assert bob.get("/api/me").status_code == 200


@pytest.mark.parametrize("change", [{"password": "another hash"}, {"is_active": False}], ids=list)
def test_session_is_not_opened_if_the_credentials_changed_after_the_check(
    alice: APIClient, change: dict[str, Any]
) -> None:
    checked = User.objects.get()
    User.objects.update(**change)

    with pytest.raises(CredentialsChanged):
        actions.open_session(user=checked, user_agent="")

    assert Session.objects.count() == 1
