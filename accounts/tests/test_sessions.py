"""GET and POST /api/sessions, DELETE /api/sessions/{id}, and what ends a session"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import actions
from accounts.exceptions import CredentialsChanged
from accounts.models import Session, User
from accounts.tests.refusals import assert_refused

PASSWORD = "SecurePassword123!"
ALICE = {"username": "alice", "password": PASSWORD}
SCRIPT = {"name": "Script", "expires_in_days": 30, "scope": "write"}
NOT_FOUND = {"detail": "Not found", "code": "not_found"}


def client_with(access_token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token}")
    return client


def in_json(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@pytest.fixture
def reader(alice: APIClient) -> APIClient:
    """A script of alice's that may read."""
    return client_with(alice.post("/api/sessions", SCRIPT | {"scope": "read"}).json()["access_token"])


def test_the_list_shows_ones_live_sessions_and_which_is_the_current_one(alice: APIClient, bob: APIClient) -> None:
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
def test_the_user_agent_is_kept_as_far_as_it_can_be_shown(alice: APIClient, sent: str, kept: str) -> None:
    token = APIClient().post("/api/login", ALICE, HTTP_USER_AGENT=sent).json()["access_token"]

    [current] = [session for session in client_with(token).get("/api/sessions").json() if session["current"]]

    assert current["user_agent"] == kept


@pytest.mark.parametrize(("minutes", "statements"), [(59, 1), (61, 2)])
def test_the_last_use_is_written_at_most_hourly(
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


def test_the_use_of_a_personal_access_token_does_not_prolong_it(reader: APIClient) -> None:
    ends = Session.objects.get(name="Script").expires_at
    Session.objects.update(last_used_at=timezone.now() - timedelta(days=20))

    assert reader.get("/api/me").status_code == 200

    session = Session.objects.get(name="Script")
    assert session.expires_at == ends
    assert timezone.now() - session.last_used_at < timedelta(minutes=1)


def test_a_session_is_ended_from_another_device(alice: APIClient) -> None:
    lost = APIClient().post("/api/login", ALICE).json()
    [session_id] = [session["id"] for session in alice.get("/api/sessions").json() if not session["current"]]

    response = alice.delete(f"/api/sessions/{session_id}")

    assert response.status_code == 200
    assert response.json() == {"message": "Session ended successfully"}
    assert_refused(client_with(lost["access_token"]).get("/api/me"), "session_ended")
    assert_refused(
        APIClient().post("/api/refresh", {"refresh_token": lost["refresh_token"]}), "session_ended", challenge="Bearer"
    )
    assert [session["current"] for session in alice.get("/api/sessions").json()] == [True]


def test_one_may_end_the_session_that_one_is_in(alice: APIClient) -> None:
    assert alice.delete(f"/api/sessions/{Session.objects.get().pk}").status_code == 200
    assert_refused(alice.get("/api/me"), "session_ended")


def test_nobody_sees_or_ends_another_persons_sessions(alice: APIClient, bob: APIClient) -> None:
    bobs = Session.objects.get(user__username="bob").pk

    response = alice.delete(f"/api/sessions/{bobs}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert str(bobs) not in {session["id"] for session in alice.get("/api/sessions").json()}
    assert bob.get("/api/me").status_code == 200


@pytest.mark.parametrize("odd", [str(uuid.UUID(int=0)), "1", "x", "%00", str(uuid.UUID(int=0xA)).upper()])
def test_a_session_that_never_was_is_not_found(alice: APIClient, odd: str) -> None:
    response = alice.delete(f"/api/sessions/{odd}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}], ids=list)
def test_a_session_that_has_ended_is_not_found(alice: APIClient, change: dict[str, Any]) -> None:
    session_id = alice.post("/api/sessions", SCRIPT).json()["id"]
    Session.objects.filter(pk=session_id).update(**change)

    response = alice.delete(f"/api/sessions/{session_id}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND


@pytest.mark.parametrize("days", [1, 365])
def test_a_personal_access_token_is_shown_once_and_lives_as_long_as_it_says(alice: APIClient, days: int) -> None:
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
def test_a_token_of_the_scope_read_reads(reader: APIClient, path: str) -> None:
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
def test_a_token_of_the_scope_read_is_refused_by_all_that_writes(reader: APIClient, method: str, path: str) -> None:
    response = reader.generic(method, path, "{}", content_type="application/json")

    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"detail": "This token can only read.", "code": "read_only_token"}


def test_a_personal_access_token_cannot_open_further_sessions(alice: APIClient) -> None:
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
def test_a_personal_access_token_that_is_not_as_agreed_is_refused_by_name(
    alice: APIClient, member: str, value: Any, code: str, message: str
) -> None:
    sent = SCRIPT | {member: value}
    if value is ...:
        del sent[member]

    response = alice.post("/api/sessions", sent)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }
    assert Session.objects.count() == 1


def log_out(client: APIClient) -> None:
    """Only the session that it comes with; the others are ended one by one."""
    for session in client.get("/api/sessions").json():
        if not session["current"]:
            assert client.delete(f"/api/sessions/{session['id']}").status_code == 200
    assert client.post("/api/logout").status_code == 200


def change_password(client: APIClient) -> None:
    sent = {"current_password": PASSWORD, "new_password": "correct horse battery staple"}
    assert client.post("/api/me/password", sent).status_code == 200


def deactivate(client: APIClient) -> None:
    User.objects.filter(username="alice").update(is_active=False)


def erase(client: APIClient) -> None:
    assert client.post("/api/me/delete", {"password": PASSWORD}).status_code == 200


@pytest.mark.parametrize("end", [log_out, change_password, deactivate, erase])
def test_what_ends_access_ends_every_token_at_the_very_next_request(
    alice: APIClient, bob: APIClient, end: Callable[[APIClient], None]
) -> None:
    tokens = APIClient().post("/api/login", ALICE).json()
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
def test_no_session_opens_for_a_password_that_was_changed_since_it_was_checked(
    alice: APIClient, change: dict[str, Any]
) -> None:
    checked = User.objects.get()
    User.objects.update(**change)

    with pytest.raises(CredentialsChanged):
        actions.open_session(user=checked, user_agent="")

    assert Session.objects.count() == 1


def test_listing_is_two_queries(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    alice.post("/api/sessions", SCRIPT)

    # authentication, the sessions
    with django_assert_num_queries(2):
        alice.get("/api/sessions")


def test_making_a_personal_access_token_is_two_statements_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication, savepoint (the test's transaction is around it), user, session, release
    with django_assert_num_queries(5):
        alice.post("/api/sessions", SCRIPT)


def test_ending_a_session_is_one_statement_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    session_id = Session.objects.get().pk

    # authentication, update
    with django_assert_num_queries(2):
        alice.delete(f"/api/sessions/{session_id}")
