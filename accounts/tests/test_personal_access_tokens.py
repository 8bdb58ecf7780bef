"""POST /api/sessions: personal access tokens"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session
from accounts.tests.api import SCRIPT, client_with, in_json, validation_error
from accounts.tests.refusals import assert_refused


def test_use_does_not_extend_a_personal_access_token(reader: APIClient) -> None:
    ends = Session.objects.get(name="Script").expires_at
    Session.objects.update(last_used_at=timezone.now() - timedelta(days=20))

    assert reader.get("/api/me").status_code == 200

    session = Session.objects.get(name="Script")
    assert session.expires_at == ends
    assert timezone.now() - session.last_used_at < timedelta(minutes=1)


@pytest.mark.parametrize("days", [1, 365])
def test_personal_access_token_is_shown_once_and_expires_as_requested(alice: APIClient, days: int) -> None:
    response = alice.post("/api/sessions", SCRIPT | {"expires_in_days": days}, HTTP_USER_AGENT="Browser")

    body, session = response.json(), Session.objects.get(name="Script")
    assert response.status_code == 201
    assert body == {
        "id": str(session.pk),
        "name": "Script",
        "scope": "write",
        "user_agent": "Browser",
        "created_at": in_json(session.created_at),
        "last_used_at": in_json(session.created_at),
        "expires_at": in_json(session.created_at + timedelta(days=days)),
        "current": False,
        "access_token": body["access_token"],
        "token_type": "bearer",
        "expires_in": days * 24 * 3600,
    }
    script = client_with(body["access_token"])
    assert script.post("/api/expenses", {"amount": 1, "category": "Food"}).status_code == 201
    Session.objects.filter(name="Script").update(expires_at=timezone.now())
    assert_refused(script.get("/api/expenses"), "session_ended")


@pytest.mark.parametrize("path", ["/api/me", "/api/sessions", "/api/expenses"])
def test_read_only_token_can_read(reader: APIClient, path: str) -> None:
    assert reader.get(path).status_code == 200
    assert reader.head(path).status_code == 200


PUBLIC = {"register", "login", "refresh"}
CLOSED = [
    f"/{pattern.pattern}".replace("<id:pk>", "1").replace("<uuid:pk>", str(uuid.UUID(int=0)))
    for pattern in get_resolver().url_patterns
    if isinstance(pattern, URLPattern) and str(pattern.pattern).startswith("api/") and pattern.name not in PUBLIC
]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_read_only_token_is_refused_by_every_writing_method(reader: APIClient, method: str, path: str) -> None:
    response = reader.generic(method, path, "{}", content_type="application/json")

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"detail": "This token can only read.", "code": "read_only_token"}


def test_personal_access_token_cannot_open_sessions(alice: APIClient) -> None:
    script = client_with(alice.post("/api/sessions", SCRIPT).json()["access_token"])

    response = script.post("/api/sessions", SCRIPT | {"name": "Another"})

    assert response.status_code == 403
    assert response.json() == {
        "detail": "A personal access token cannot open further sessions.",
        "code": "personal_token",
    }
    assert not Session.objects.filter(name="Another").exists()


@pytest.mark.parametrize(
    ("member", "value", "code", "message"),
    [
        ("name", ..., "required", "This field is required."),
        ("name", None, "null", "This field may not be null."),
        ("name", " ", "blank", "This field may not be blank."),
        ("name", 1, "invalid", "Not a valid string."),
        ("name", "x" * 61, "max_length", "Ensure this field has no more than 60 characters."),
        ("name", "a\nb", "invalid", "This must be one line."),
        ("name", "a\u202eb", "invalid", "The character U+202E is not allowed."),
        ("expires_in_days", ..., "required", "This field is required."),
        ("expires_in_days", 0, "min_value", "Ensure this value is greater than or equal to 1."),
        ("expires_in_days", 366, "max_value", "Ensure this value is less than or equal to 365."),
        ("expires_in_days", "30", "invalid", "A valid integer is required."),
        ("expires_in_days", 1.5, "invalid", "A valid integer is required."),
        ("expires_in_days", True, "invalid", "A valid integer is required."),
        ("scope", ..., "required", "This field is required."),
        ("scope", "admin", "invalid_choice", '"admin" is not a valid choice.'),
        ("scope", "", "invalid_choice", '"" is not a valid choice.'),
        ("scope", ["read"], "invalid_choice", "\"['read']\" is not a valid choice."),
        (
            "lifetime",
            1,
            "unknown",
            "Unknown field. Allowed fields: name, expires_in_days, scope.",
        ),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    alice: APIClient, member: str, value: Any, code: str, message: str
) -> None:
    sent = SCRIPT | {member: value}
    if value is ...:
        del sent[member]

    response = alice.post("/api/sessions", sent)

    assert response.status_code == 400
    assert response.json() == validation_error(member, code, message)
    assert Session.objects.count() == 1


def test_creation_runs_two_statements_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication, savepoint (the test's transaction is around it), user, session, release
    with django_assert_num_queries(5):
        alice.post("/api/sessions", SCRIPT)
