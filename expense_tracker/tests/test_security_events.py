"""Security events in the log: failed logins, limits, ended sessions."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session, User
from expense_tracker import logs
from expense_tracker.tests.log_lines import Lines
from expense_tracker.tests.people import PASSWORD


def events(lines: list[dict[str, Any]]) -> list[str]:
    return [line["message"] for line in lines if line["logger"] == logs.security.name]


def test_failed_login_is_an_event(alice: APIClient, lines: Lines) -> None:
    lines()

    APIClient().post("/api/login", {"username": "alice", "password": "wrong"}, HTTP_X_REQUEST_ID="mine")

    [event, _] = lines()
    assert (event["level"], event["message"], event["request_id"]) == ("WARNING", "login failed", "mine")
    assert event["address"] == "127.0.0.1"


def test_successful_login_is_no_event(alice: APIClient, lines: Lines) -> None:
    lines()

    APIClient().post("/api/login", {"username": "alice", "password": PASSWORD})

    assert events(lines()) == []


@pytest.mark.parametrize(
    ("setting", "path"),
    [("LOGINS_PER_NAME_AND_ADDRESS", "/api/login"), ("REGISTRATIONS_PER_ADDRESS", "/api/register")],
)
def test_reached_limit_is_an_event(api: APIClient, lines: Lines, settings: Any, setting: str, path: str) -> None:
    body = {"username": "dave", "password": "correct horse battery staple"}
    setattr(settings, setting, 1)
    api.post(path, body)
    lines()

    assert api.post(path, body).status_code == 429

    assert events(lines()) == ["limit hit"]


def test_reached_request_limit_is_an_event(alice: APIClient, lines: Lines, settings: Any) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 0
    lines()

    assert alice.get("/api/me").status_code == 429

    assert events(lines()) == ["limit hit"]


def test_refresh_token_reuse_is_an_event(alice: APIClient, lines: Lines) -> None:
    credentials = {"username": "alice", "password": PASSWORD}
    token = {"refresh_token": APIClient().post("/api/login", credentials).json()["refresh_token"]}
    APIClient().post("/api/refresh", token)
    Session.objects.update(generation_used_at=timezone.now() - timedelta(seconds=11))
    lines()

    APIClient().post("/api/refresh", token)

    seen = lines()
    assert events(seen) == ["refresh reuse", "session revoked"]
    assert seen[0]["user_id"] == User.objects.get().pk


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/api/logout", None, ["session revoked"]),
        (
            "/api/me/password",
            {"current_password": PASSWORD, "new_password": "correct horse battery staple"},
            ["password changed", "session revoked"],
        ),
    ],
)
def test_end_of_a_session_is_an_event(
    alice: APIClient, lines: Lines, path: str, body: Any, expected: list[str]
) -> None:
    lines()

    assert alice.post(path, body).status_code == 200

    assert events(lines()) == expected


def test_ending_another_session_is_an_event(alice: APIClient, lines: Lines) -> None:
    session = alice.post("/api/sessions", {"name": "x", "expires_in_days": 1, "scope": "read"}).json()["id"]
    lines()

    alice.delete(f"/api/sessions/{session}")

    assert events(lines()) == ["session revoked"]


def test_password_change_by_the_operator_is_an_event(
    alice: APIClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: "correct horse battery staple")
    lines()

    call_command("changepassword", "alice")

    assert events(lines()) == ["password changed", "session revoked"]


def test_refused_host_logs_one_line_and_no_error(api: APIClient, lines: Lines) -> None:
    assert api.get("/", HTTP_HOST="evil.example").status_code == 400

    refusal, request = lines()
    assert (refusal["level"], refusal["logger"]) == ("WARNING", "django.security.DisallowedHost")
    assert refusal["message"].startswith("Invalid HTTP_HOST header: 'evil.example'.")
    assert "exception" not in refusal
    assert (request["level"], request["status"]) == ("INFO", 400)
