"""Calls of the API that many tests make; each returns the response."""

from datetime import datetime
from typing import Any

from rest_framework.test import APIClient

from expense_tracker.tests.people import PASSWORD

ANOTHER = "correct horse battery staple"
WRONG = "nope-nope-nope"
ALICE = {"username": "alice", "password": PASSWORD}
SCRIPT = {"name": "Script", "expires_in_days": 30, "scope": "write"}
CHANGE = {"current_password": PASSWORD, "new_password": ANOTHER}


def client_with(access_token: str) -> APIClient:
    """Return a client that sends the token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access_token}")
    return client


def log_in(username: str = "alice", password: str = PASSWORD, **headers: Any) -> Any:
    return APIClient().post("/api/login", {"username": username, "password": password}, **headers)


def refresh(token: str) -> Any:
    return APIClient().post("/api/refresh", {"refresh_token": token})


def me(access_token: str) -> Any:
    return client_with(access_token).get("/api/me")


def in_json(moment: datetime) -> str:
    """Return a time as the API writes it."""
    return moment.isoformat().replace("+00:00", "Z")


def validation_error(member: str, code: str, message: str) -> dict[str, Any]:
    """Return the body of a 400 for one member."""
    return {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }
