"""Fixtures for the tests of accounts."""

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.tests.api import SCRIPT, client_with, log_in
from expense_tracker.tests.people import make_user

NOW = 1_800_000_040  # 40 seconds past a whole minute


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stop the clock of the limits; a test moves `now`."""
    clock = SimpleNamespace(now=NOW)
    clock.time = lambda: clock.now
    monkeypatch.setattr("accounts.throttling.time", clock)
    monkeypatch.setattr("accounts.models.rate_counter.time", clock)
    return clock


@pytest.fixture
def tokens(api: APIClient) -> dict[str, Any]:
    """The body of alice's login; it is her only session."""
    make_user("alice")
    body: dict[str, Any] = log_in().json()
    return body


@pytest.fixture
def reader(alice: APIClient) -> APIClient:
    """A client with a read-only personal access token of alice."""
    return client_with(alice.post("/api/sessions", SCRIPT | {"scope": "read"}).json()["access_token"])


@pytest.fixture
def real_passwords(cheap_passwords: None, settings: Any) -> None:
    """Hash passwords as production does."""
    settings.PASSWORD_HASHERS = [
        "accounts.hashers.BoundedArgon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
