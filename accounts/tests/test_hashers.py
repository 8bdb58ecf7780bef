"""Passwords as they are stored: Argon2id, and hashes of other parameters."""

import re
from typing import Any

import argon2
import pytest
from django.conf import settings as project_settings
from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from accounts.hashers import BoundedArgon2PasswordHasher
from accounts.models import User
from accounts.tests.api import ANOTHER, WRONG, log_in
from expense_tracker.tests.people import PASSWORD

pytestmark = pytest.mark.usefixtures("real_passwords")
PARAMETERS = re.compile(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")
TODAYS = ("19456", "2", "1")
OLDER = [(8, 1, 1), (9728, 2, 1), (19456, 1, 1), (12288, 3, 1), (102400, 2, 8)]


def encode(password: str, memory: int, passes: int, lanes: int) -> str:
    hasher = BoundedArgon2PasswordHasher()
    hasher.memory_cost, hasher.time_cost, hasher.parallelism = memory, passes, lanes
    return hasher.encode(password, hasher.salt())


def parameters(encoded: str) -> tuple[str, ...]:
    found = PARAMETERS.match(encoded)
    assert found
    return found.groups()


def test_default_is_argon2id_with_the_parameters_of_owasp(alice: APIClient) -> None:
    assert parameters(User.objects.get().password) == TODAYS
    assert (project_settings.ARGON2_MEMORY_KIB, project_settings.ARGON2_TIME_COST) == (19456, 2)
    assert project_settings.ARGON2_PARALLELISM == 1


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The work of each hash that Argon2 computes: KiB times passes."""
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
def test_wrong_password_costs_as_much_for_an_older_hash_as_for_an_unknown_user(
    alice: APIClient, work: list[int], older: tuple[int, int, int]
) -> None:
    User.objects.update(password=encode(PASSWORD, *older))
    work.clear()
    assert log_in(username="nobody").status_code == 401
    nobodys = sum(work)
    work.clear()

    assert log_in(password=WRONG).status_code == 401

    assert nobodys == 2 * 19456
    assert sum(work) == pytest.approx(nobodys, rel=0.01)


@pytest.mark.parametrize("older", OLDER)
def test_hash_of_other_parameters_is_upgraded_at_login_and_ends_no_session(
    alice: APIClient, older: tuple[int, int, int]
) -> None:
    old = encode(PASSWORD, *older)
    User.objects.update(password=old)
    refresh_token = log_in().json()["refresh_token"]

    assert parameters(User.objects.get().password) == TODAYS
    assert alice.get("/api/me").status_code == 200
    assert APIClient().post("/api/refresh", {"refresh_token": refresh_token}).status_code == 200
    assert log_in().status_code == 200


def test_hash_of_another_algorithm_is_upgraded_at_login(alice: APIClient) -> None:
    User.objects.update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))

    assert log_in().status_code == 200

    assert parameters(User.objects.get().password) == TODAYS
    assert alice.get("/api/me").status_code == 200


def test_wrong_password_upgrades_no_hash(alice: APIClient) -> None:
    old = encode(PASSWORD, 8, 1, 1)
    User.objects.update(password=old)

    assert log_in(password=WRONG).status_code == 401

    assert User.objects.get().password == old


def test_upgrade_does_not_overwrite_a_concurrent_password_change(alice: APIClient) -> None:
    User.objects.update(password=encode(PASSWORD, 8, 1, 1))
    read_before = User.objects.get()
    changed = encode(ANOTHER, *map(int, TODAYS))
    User.objects.update(password=changed)

    assert read_before.check_password(PASSWORD)

    assert User.objects.get().password == changed


@pytest.mark.parametrize("race", ["upgrade", "change"])
def test_login_checks_again_if_the_hash_was_replaced(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch, race: str
) -> None:
    check_password = User.check_password
    replacement = make_password(PASSWORD if race == "upgrade" else ANOTHER)

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
def test_password_is_not_trimmed(api: APIClient, password: str) -> None:
    credentials = {"username": "alice", "password": password}
    assert api.post("/api/register", credentials).status_code == 201

    assert log_in(password=password).status_code == 200
    assert log_in(password=f" {password}").status_code == 401
    assert log_in(password=password[:-1]).status_code == 401
