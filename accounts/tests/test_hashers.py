"""Passwords as they are stored: Argon2id, a bounded number of hashes at once, and hashes of older parameters."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import argon2
import pytest
from django.conf import settings as project_settings
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from rest_framework.test import APIClient

from accounts import hashers
from accounts.hashers import BoundedArgon2PasswordHasher
from accounts.models import User
from expense_tracker.tests.concurrency import run_concurrently

PASSWORD = "SecurePassword123!"
ALICE = {"username": "alice", "password": PASSWORD}
CHANGE = {"current_password": PASSWORD, "new_password": "correct horse battery staple"}
PARAMETERS = re.compile(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")
TODAYS = ("19456", "2", "1")
OLDER = [(8, 1, 1), (9728, 2, 1), (19456, 1, 1), (12288, 3, 1), (102400, 2, 8)]


@pytest.fixture(autouse=True)
def real_passwords(cheap_passwords: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "accounts.hashers.BoundedArgon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


def encode(password: str, memory: int, passes: int, lanes: int) -> str:
    hasher = BoundedArgon2PasswordHasher()
    hasher.memory_cost, hasher.time_cost, hasher.parallelism = memory, passes, lanes
    return hasher.encode(password, hasher.salt())


def parameters(encoded: str) -> tuple[str, ...]:
    found = PARAMETERS.match(encoded)
    assert found
    return found.groups()


def log_in(**credentials: str) -> Any:
    return APIClient().post("/api/login", ALICE | credentials)


def test_the_default_is_argon2id_with_the_parameters_of_owasp(alice: APIClient) -> None:
    assert parameters(User.objects.get().password) == TODAYS
    assert (project_settings.ARGON2_MEMORY_KIB, project_settings.ARGON2_TIME_COST) == (19456, 2)
    assert project_settings.ARGON2_PARALLELISM == 1


def test_at_most_so_many_hashes_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
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
    """As many hashes are being computed as may be; nobody waits for them."""
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
def test_one_hash_more_is_answered_with_a_503(
    alice: APIClient, busy: ExitStack, path: str, sent: dict[str, str]
) -> None:
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


def test_the_admins_log_in_is_bounded_too(alice: APIClient, busy: ExitStack) -> None:
    response = Client().post("/admin/login/", ALICE)

    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response.json() == {
        "detail": "Too many people are logging in at once. Try again in a moment.",
        "code": "busy",
    }


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What Argon2 is made to compute: KiB times passes of each hash."""
    done: list[int] = []
    hash_secret, verify = argon2.low_level.hash_secret, argon2.PasswordHasher.verify

    def hash_and_note(*args: Any, **options: Any) -> bytes:
        done.append(options["time_cost"] * options["memory_cost"])
        return hash_secret(*args, **options)

    def verify_and_note(self: argon2.PasswordHasher, encoded: str, password: str) -> bool:
        used = argon2.extract_parameters(encoded)
        done.append(used.time_cost * used.memory_cost)
        return verify(self, encoded, password)

    monkeypatch.setattr(argon2.low_level, "hash_secret", hash_and_note)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify_and_note)
    return done


@pytest.mark.parametrize("older", [*OLDER[:4], (19456, 2, 1)])
def test_a_wrong_password_costs_the_same_for_a_hash_of_older_parameters_as_for_nobody(
    alice: APIClient, work: list[int], older: tuple[int, int, int]
) -> None:
    User.objects.update(password=encode(PASSWORD, *older))
    work.clear()
    assert log_in(username="nobody").status_code == 401
    nobodys = sum(work)
    work.clear()

    assert log_in(password="nope-nope-nope").status_code == 401

    assert nobodys == 2 * 19456
    assert sum(work) == pytest.approx(nobodys, rel=0.01)


@pytest.mark.parametrize("older", OLDER)
def test_a_hash_of_other_parameters_is_brought_up_to_date_at_login_and_logs_nobody_out(
    alice: APIClient, older: tuple[int, int, int]
) -> None:
    old = encode(PASSWORD, *older)
    User.objects.update(password=old)
    refresh_token = log_in().json()["refresh_token"]

    assert parameters(User.objects.get().password) == TODAYS
    assert alice.get("/api/me").status_code == 200
    assert APIClient().post("/api/refresh", {"refresh_token": refresh_token}).status_code == 200
    assert log_in().status_code == 200


def test_a_hash_of_another_algorithm_is_brought_up_to_date_at_login(alice: APIClient) -> None:
    User.objects.update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))

    assert log_in().status_code == 200

    assert parameters(User.objects.get().password) == TODAYS
    assert alice.get("/api/me").status_code == 200


def test_a_wrong_password_brings_nothing_up_to_date(alice: APIClient) -> None:
    old = encode(PASSWORD, 8, 1, 1)
    User.objects.update(password=old)

    assert log_in(password="nope-nope-nope").status_code == 401

    assert User.objects.get().password == old


def test_an_upgrade_does_not_overwrite_a_password_that_was_changed_meanwhile(alice: APIClient) -> None:
    User.objects.update(password=encode(PASSWORD, 8, 1, 1))
    read_before = User.objects.get()
    changed = encode("correct horse battery staple", *map(int, TODAYS))
    User.objects.update(password=changed)

    assert read_before.check_password(PASSWORD)

    assert User.objects.get().password == changed


@pytest.mark.parametrize("race", ["upgrade", "change"])
def test_a_login_looks_again_where_the_hash_is_replaced_meanwhile(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch, race: str
) -> None:
    check_password = User.check_password
    replacement = make_password(PASSWORD if race == "upgrade" else "correct horse battery staple")

    def check_then_lose(user: User, password: str | None) -> bool:
        right = check_password(user, password)
        User.objects.update(password=replacement)
        return right

    monkeypatch.setattr(User, "check_password", check_then_lose)

    response = log_in()

    assert response.status_code == (200 if race == "upgrade" else 401)
    if race == "change":
        assert response.json() == {"detail": "Invalid credentials", "code": "invalid_credentials"}


@pytest.mark.parametrize("password", [" SecurePassword123!", "SecurePassword123!\n", "\tx9-x9-x", "x9-" * 42 + "x9"])
def test_a_password_is_not_trimmed(api: APIClient, password: str) -> None:
    credentials = {"username": "alice", "password": password}
    assert api.post("/api/register", credentials).status_code == 201

    assert log_in(password=password).status_code == 200
    assert log_in(password=f" {password}").status_code == 401
    assert log_in(password=password[:-1]).status_code == 401
