"""POST /api/refresh"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.tests.api import ALICE, me, refresh, validation_error
from accounts.tests.refusals import assert_refresh_refused, assert_refused
from accounts.tokens import RefreshToken


def test_refresh_returns_a_new_pair_for_the_same_session(tokens: dict[str, Any]) -> None:
    response = refresh(tokens["refresh_token"])

    body = response.json()
    assert response.status_code == 200
    assert body == {
        "access_token": body["access_token"],
        "token_type": "bearer",
        "expires_in": 1800,
        "refresh_token": body["refresh_token"],
    }
    assert body["access_token"] != tokens["access_token"]
    assert me(body["access_token"]).status_code == 200
    assert me(tokens["access_token"]).status_code == 200
    assert refresh(body["refresh_token"]).status_code == 200
    assert Session.objects.count() == 1


def test_refresh_ignores_stale_authorization_header(api: APIClient, tokens: dict[str, Any]) -> None:
    response = api.post(
        "/api/refresh", {"refresh_token": tokens["refresh_token"]}, HTTP_AUTHORIZATION="Bearer expired.or.else"
    )

    assert response.status_code == 200


def test_session_expires_after_14_days_without_use(tokens: dict[str, Any]) -> None:
    session = Session.objects.get()
    claims = jwt.decode(tokens["refresh_token"], options={"verify_signature": False})
    assert session.expires_at - session.created_at == timedelta(days=14)
    assert claims["exp"] == int(session.expires_at.timestamp())
    fortnight = timedelta(days=14)
    Session.objects.update(
        created_at=session.created_at - fortnight,
        rotated_at=session.rotated_at - fortnight,
        last_used_at=session.last_used_at - fortnight,
        expires_at=session.expires_at - fortnight,
    )

    assert_refused(me(tokens["access_token"]), "session_ended")
    assert_refresh_refused(refresh(tokens["refresh_token"]))


def test_session_lifetime_is_a_setting(api: APIClient, settings: Any, tokens: dict[str, Any]) -> None:
    settings.SESSION_IDLE_DAYS, settings.SESSION_LONGEST_DAYS = 90, 365
    body = refresh(tokens["refresh_token"]).json()
    [session] = Session.objects.all()
    assert session.expires_at - session.rotated_at == timedelta(days=90)
    assert jwt.decode(body["refresh_token"], options={"verify_signature": False})["exp"] == int(
        session.expires_at.timestamp()
    )

    settings.SESSION_IDLE_DAYS, settings.SESSION_LONGEST_DAYS = 90, 7
    api.post("/api/login", ALICE)

    newest = Session.objects.latest("created_at")
    assert newest.expires_at - newest.created_at == timedelta(days=7)


@pytest.mark.parametrize(("age", "left"), [(0, 14), (15, 14), (20, 10), (29, 1)])
def test_refresh_extends_the_session_up_to_30_days_in_all(tokens: dict[str, Any], age: int, left: int) -> None:
    Session.objects.update(created_at=timezone.now() - timedelta(days=age))

    body = refresh(tokens["refresh_token"]).json()

    session = Session.objects.get()
    assert session.last_used_at == session.rotated_at
    assert session.expires_at == min(session.rotated_at + timedelta(days=14), session.created_at + timedelta(days=30))
    assert round((session.expires_at - timezone.now()) / timedelta(days=1)) == left
    claims = jwt.decode(body["refresh_token"], options={"verify_signature": False})
    assert claims["exp"] == int(session.expires_at.timestamp())


def test_personal_access_token_cannot_be_refreshed(api: APIClient, tokens: dict[str, Any]) -> None:
    token = {"name": "Script", "expires_in_days": 1, "scope": "write"}
    api.post("/api/sessions", token, HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}")

    assert_refresh_refused(refresh(str(RefreshToken.for_session(Session.objects.get(name="Script")))))


def test_session_erased_during_the_refresh_returns_401(tokens: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    rotate = Session.rotate

    def rotate_too_late(session: Session) -> bool:
        User.objects.all().delete()
        return rotate(session)

    monkeypatch.setattr(Session, "rotate", rotate_too_late)

    assert_refresh_refused(refresh(tokens["refresh_token"]))


@pytest.mark.parametrize(
    ("body", "member", "code", "message"),
    [
        ({}, "refresh_token", "required", "This field is required."),
        ({"refresh_token": None}, "refresh_token", "null", "This field may not be null."),
        ({"refresh_token": ""}, "refresh_token", "blank", "This field may not be blank."),
        ({"refresh_token": 1}, "refresh_token", "invalid", "Not a valid string."),
        ({"refresh_token": ["x.y.z"]}, "refresh_token", "invalid", "Not a valid string."),
        (
            {"refresh_token": "x.y.z", "grant_type": "refresh_token"},
            "grant_type",
            "unknown",
            "Unknown field. Allowed fields: refresh_token.",
        ),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    api: APIClient, body: dict[str, Any], member: str, code: str, message: str
) -> None:
    response = api.post("/api/refresh", body)

    assert response.status_code == 400
    assert response.json() == validation_error(member, code, message)


def test_refresh_runs_two_statements(tokens: dict[str, Any], django_assert_num_queries: Callable[..., Any]) -> None:
    # the session, the one conditional update
    with django_assert_num_queries(2):
        refresh(tokens["refresh_token"])
    # the session
    with django_assert_num_queries(1):
        refresh(tokens["refresh_token"])


def test_invalid_token_runs_no_query(db: None, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(0):
        assert_refresh_refused(refresh("x.y.z"), "token_invalid")
