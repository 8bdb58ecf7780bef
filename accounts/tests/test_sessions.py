"""GET /api/sessions, DELETE /api/sessions/{id}"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session
from accounts.tests.api import ALICE, SCRIPT, client_with, in_json
from accounts.tests.refusals import assert_refused

NOT_FOUND = {"detail": "Not found", "code": "not_found"}


def test_list_shows_own_live_sessions_and_marks_the_current_one(alice: APIClient, bob: APIClient) -> None:
    [login] = Session.objects.filter(user__username="alice")
    script = alice.post("/api/sessions", SCRIPT, HTTP_USER_AGENT="curl/8.5.0").json()
    tablet, phone = (
        APIClient().post("/api/login", ALICE, HTTP_USER_AGENT=device).json() for device in ("Tablet", "Phone")
    )
    client_with(tablet["access_token"]).post("/api/logout")
    Session.objects.filter(user_agent="Phone").update(expires_at=timezone.now())
    assert_refused(client_with(phone["access_token"]).get("/api/sessions"), "session_ended")

    response = alice.get("/api/sessions")

    personal = Session.objects.get(name="Script")
    assert response.status_code == 200
    assert response.json() == [
        {
            "id": script["id"],
            "name": "Script",
            "scope": "write",
            "user_agent": "curl/8.5.0",
            "created_at": in_json(personal.created_at),
            "last_used_at": in_json(personal.created_at),
            "expires_at": in_json(personal.created_at + timedelta(days=30)),
            "current": False,
        },
        {
            "id": str(login.pk),
            "name": None,
            "scope": "write",
            "user_agent": "",
            "created_at": in_json(login.created_at),
            "last_used_at": in_json(login.created_at),
            "expires_at": in_json(login.created_at + timedelta(days=14)),
            "current": True,
        },
    ]


@pytest.mark.parametrize(
    ("sent", "kept"), [("a\tb\x00c\x1b[31m", "abc[31m"), ("x" * 5000, "x" * 200)], ids=["controls", "long"]
)
def test_user_agent_is_stored_without_controls_and_cut(alice: APIClient, sent: str, kept: str) -> None:
    token = APIClient().post("/api/login", ALICE, HTTP_USER_AGENT=sent).json()["access_token"]

    [current] = [session for session in client_with(token).get("/api/sessions").json() if session["current"]]

    assert current["user_agent"] == kept


@pytest.mark.parametrize(("minutes", "statements"), [(59, 1), (61, 2)])
def test_last_use_is_written_at_most_hourly(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], minutes: int, statements: int
) -> None:
    before = timezone.now() - timedelta(minutes=minutes)
    Session.objects.update(last_used_at=before, expires_at=before + timedelta(days=14))

    # authentication, and the update of the session when the hour is over
    with django_assert_num_queries(statements):
        assert alice.get("/api/me").status_code == 200

    session = Session.objects.get()
    assert (session.last_used_at > before) is (statements == 2)
    assert session.expires_at == session.last_used_at + timedelta(days=14)


def test_other_users_session_returns_404_and_is_not_listed(alice: APIClient, bob: APIClient) -> None:
    bobs = Session.objects.get(user__username="bob").pk

    response = alice.delete(f"/api/sessions/{bobs}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert str(bobs) not in {session["id"] for session in alice.get("/api/sessions").json()}
    assert bob.get("/api/me").status_code == 200


@pytest.mark.parametrize("odd", [str(uuid.UUID(int=0)), "1", "x", "%00", str(uuid.UUID(int=0xA)).upper()])
def test_unknown_session_returns_404(alice: APIClient, odd: str) -> None:
    response = alice.delete(f"/api/sessions/{odd}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}], ids=list)
def test_ended_session_returns_404(alice: APIClient, change: dict[str, Any]) -> None:
    session_id = alice.post("/api/sessions", SCRIPT).json()["id"]
    Session.objects.filter(pk=session_id).update(**change)

    response = alice.delete(f"/api/sessions/{session_id}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND


def test_list_runs_two_queries(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    alice.post("/api/sessions", SCRIPT)

    # authentication, the sessions
    with django_assert_num_queries(2):
        alice.get("/api/sessions")


def test_end_runs_one_statement_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    session_id = Session.objects.get().pk

    # authentication, update
    with django_assert_num_queries(2):
        alice.delete(f"/api/sessions/{session_id}")
