"""The number of passwords that are hashed at the same time, and the 503 beyond it."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from pytest_django.asserts import assertContains
from rest_framework.test import APIClient

from accounts import hashers
from accounts.hashers import BoundedArgon2PasswordHasher
from accounts.tests.api import ALICE, CHANGE
from expense_tracker.tests.concurrency import run_concurrently
from expense_tracker.tests.people import PASSWORD

pytestmark = pytest.mark.usefixtures("real_passwords")


def test_concurrent_hashes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def compute(*args: Any) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return "hash"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", compute)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", compute)
    hasher = BoundedArgon2PasswordHasher()

    run_concurrently(lambda number: hasher.encode("x", "y") if number % 2 else hasher.verify("x", "y"))

    assert most == project_settings.PASSWORD_HASHES_AT_ONCE


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Occupy every slot for hashing; nobody waits for one."""
    with ExitStack() as stack:
        for _ in range(project_settings.PASSWORD_HASHES_AT_ONCE):
            stack.enter_context(hashers.hashing_slot())
        monkeypatch.setattr(hashers, "WAIT_SECONDS", 0.01)
        yield stack


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/api/login", ALICE),
        ("/api/login", ALICE | {"username": "nobody"}),
        ("/api/register", ALICE | {"username": "bob"}),
        ("/api/me/password", CHANGE),
        ("/api/me/delete", {"password": PASSWORD}),
    ],
)
def test_hash_beyond_the_limit_returns_503(alice: APIClient, busy: ExitStack, path: str, sent: dict[str, str]) -> None:
    response = alice.post(path, sent)

    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": "Too many people are logging in at once. Try again in a moment.",
        "code": "busy",
    }
    assert alice.get("/api/me").status_code == 200
    busy.close()
    assert alice.post(path, sent).status_code in {200, 201, 401}


def test_admin_login_beyond_the_limit_returns_503(alice: APIClient, busy: ExitStack) -> None:
    response = Client().post("/admin/login/", ALICE)

    assertContains(response, "Too many people are logging in at once. Try again in a moment.", status_code=503)
    assert response["Retry-After"] == "1"
