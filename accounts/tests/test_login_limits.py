"""Limits of logins, by name and by address."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import RateCounter
from accounts.tests.api import WRONG, log_in
from accounts.tests.refusals import assert_too_many
from expense_tracker.tests.concurrency import DEVICES, run_concurrently, with_own_connection
from expense_tracker.tests.people import PASSWORD

# For each limit, a function from the number of an attempt to the name and address that count together.
LOGIN_LIMITS: list[tuple[str, Callable[[int], tuple[str, str]]]] = [
    ("LOGINS_PER_NAME_AND_ADDRESS", lambda number: (("alice", "ALICE")[number % 2], "192.0.2.1")),
    ("LOGINS_PER_NAME", lambda number: ("alice", f"192.0.2.{number}")),
    ("LOGINS_PER_ADDRESS", lambda number: (f"person{number}", "192.0.2.1")),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("limit", "attempt"), LOGIN_LIMITS, ids=[limit for limit, _ in LOGIN_LIMITS])
def test_concurrent_logins_never_exceed_a_limit(
    settings: Any, limit: str, attempt: Callable[[int], tuple[str, str]]
) -> None:
    setattr(settings, limit, 10)

    def log_in_twice(device: int) -> list[int]:
        attempts = [attempt(2 * device), attempt(2 * device + 1)]
        return [log_in(username, WRONG, REMOTE_ADDR=address).status_code for username, address in attempts]

    statuses = [status for device in run_concurrently(log_in_twice) for status in device]

    assert sorted(statuses) == [401] * 10 + [429] * (2 * DEVICES - 10)


@pytest.mark.django_db(transaction=True)
def test_concurrent_successes_and_failures_count_the_failures(api: APIClient) -> None:
    names = [f"person{number}" for number in range(3)]
    for name in names:
        api.post("/api/register", {"username": name, "password": PASSWORD})

    def log_in_often(device: int) -> list[int]:
        attempts = [(names[(device + turn) % 3], (WRONG, PASSWORD)[turn % 2], f"192.0.2.{turn}") for turn in range(10)]
        return [log_in(name, password, REMOTE_ADDR=address).status_code for name, password, address in attempts]

    statuses = [status for device in run_concurrently(log_in_often) for status in device]

    assert sorted(statuses) == [200] * 5 * DEVICES + [401] * 5 * DEVICES
    # Each failure counts for the name and the address, for the name, and for the address; registrations are one more.
    assert sum(RateCounter.objects.values_list("count", flat=True)) == 3 * 5 * DEVICES + len(names)


@pytest.mark.django_db(transaction=True)
def test_counting_up_and_down_locks_rows_in_the_same_order() -> None:
    """Otherwise two requests could wait for each other's row, and PostgreSQL would abort one of them."""
    for key in ("b", "a"):  # so they lie in the table
        RateCounter.objects.count_up([key], window=60)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            RateCounter.objects.count_up(["a"], window=60)
            counted_down = pool.submit(with_own_connection, RateCounter.objects.count_down, ["a", "b"])
            time.sleep(0.05)  # it comes to the lock
            RateCounter.objects.count_up(["b"], window=60)
        counted_down.result(timeout=10)

    assert dict(RateCounter.objects.values_list("key", "count")) == {"a": 1, "b": 1}


def test_right_password_is_refused_past_the_limit(alice: APIClient, settings: Any, clock: SimpleNamespace) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 2
    assert log_in(password=WRONG).status_code == 401
    clock.now += 100
    assert log_in(password=WRONG).status_code == 401

    assert_too_many(log_in(password=PASSWORD), 800)
    clock.now += 798
    assert_too_many(log_in(password=PASSWORD), 2)
    clock.now += 2
    assert log_in(password=PASSWORD).status_code == 200


def test_successful_login_is_not_counted(alice: APIClient, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 2
    assert log_in(password=WRONG).status_code == 401

    for _ in range(3):
        assert log_in(password=PASSWORD).status_code == 200

    assert [log_in(password=WRONG).status_code for _ in range(2)] == [401, 429]


def test_refused_attempts_do_not_count_against_shared_limits(alice: APIClient, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS, settings.LOGINS_PER_NAME, settings.LOGINS_PER_ADDRESS = 2, 4, 4

    assert [log_in(password=WRONG).status_code for _ in range(8)] == [401] * 2 + [429] * 6

    assert [log_in("bob", WRONG).status_code for _ in range(3)] == [401, 401, 429]
    assert [log_in(password=WRONG, REMOTE_ADDR="192.0.2.9").status_code for _ in range(3)] == [401, 401, 429]


def test_attacked_user_can_log_in_from_a_known_address(alice: APIClient, settings: Any, clock: SimpleNamespace) -> None:
    settings.LOGINS_PER_NAME = 3
    assert log_in(password=PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 200
    strangers = [log_in(password=WRONG, REMOTE_ADDR=f"198.51.100.{number}").status_code for number in range(4)]
    assert strangers == [401, 401, 401, 429]

    assert log_in(password=PASSWORD, REMOTE_ADDR="192.0.2.2").status_code == 429
    assert log_in(password=PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert log_in("bob", WRONG, REMOTE_ADDR="192.0.2.1").status_code == 401
    settings.LOGINS_PER_NAME_AND_ADDRESS = 1
    assert [log_in(password=WRONG, REMOTE_ADDR="192.0.2.1").status_code for _ in range(2)] == [401, 429]


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 429)])
def test_known_address_is_remembered_for_30_days(
    alice: APIClient, settings: Any, clock: SimpleNamespace, days: int, status: int
) -> None:
    settings.LOGINS_PER_NAME = 1
    assert log_in(password=PASSWORD).status_code == 200
    clock.now += days * 24 * 3600
    assert log_in(password=WRONG, REMOTE_ADDR="198.51.100.1").status_code == 401

    assert log_in(password=PASSWORD).status_code == status


def test_counters_store_no_names_or_addresses(alice: APIClient) -> None:
    log_in(password=WRONG)

    assert all(
        len(key) == 64 and set(key) <= set("0123456789abcdef")
        for key in RateCounter.objects.values_list("key", flat=True)
    )


def test_admin_login_counts_too(alice: APIClient, settings: Any, clock: SimpleNamespace) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 2
    browser, wrong = Client(), {"username": "Alice", "password": WRONG}
    assert log_in(password=WRONG).status_code == 401
    assert browser.post("/admin/login/", wrong).status_code == 200

    response = browser.post("/admin/login/", wrong)
    assert (response.status_code, response["Retry-After"]) == (429, "900")
    assert_too_many(log_in(password=PASSWORD), 900)


def test_successful_admin_login_is_not_counted(django_user_model: Any, db: None, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 1
    django_user_model.objects.create_superuser("root", PASSWORD)

    for _ in range(2):
        response = Client().post("/admin/login/?next=/admin/", {"username": "root", "password": PASSWORD})
        assert response.status_code == 302

    assert log_in("root", WRONG).status_code == 401


def test_failed_login_runs_two_statements(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # the attempt counted, user
    with django_assert_num_queries(2):
        assert log_in(password=WRONG).status_code == 401
