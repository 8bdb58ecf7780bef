"""How often one may try to log in, to register, and to call the API at all."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.checks import run_checks
from django.db import transaction
from django.test import Client, RequestFactory
from rest_framework.test import APIClient

from accounts.models import RateCounter
from accounts.throttling import client_address, warn_of_untrusted_proxy
from expense_tracker.tests.concurrency import DEVICES, run_concurrently, with_own_connection

PASSWORD, WRONG = "SecurePassword123!", "nope-nope-nope"
NOW = 1_800_000_040  # 40 seconds past a whole minute


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands still; a test moves `now`."""
    clock = SimpleNamespace(now=NOW)
    clock.time = lambda: clock.now
    monkeypatch.setattr("accounts.throttling.time", clock)
    monkeypatch.setattr("accounts.models.rate_counter.time", clock)
    return clock


def log_in(username: str = "alice", password: str = WRONG, **headers: Any) -> Any:
    return APIClient().post("/api/login", {"username": username, "password": password}, **headers)


def assert_too_many(response: Any, seconds: int) -> None:
    assert response.status_code == 429
    assert response["Retry-After"] == str(seconds)
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": f"Too many attempts. Try again in {seconds} seconds.",
        "code": "limit_reached",
    }


def test_the_limits_are_these_unless_the_environment_names_others() -> None:
    limits = {name: getattr(project_settings, name) for name in dir(project_settings) if "_PER_" in name}

    assert limits == {
        "LOGINS_PER_NAME_AND_ADDRESS": 10,
        "LOGINS_PER_NAME": 100,
        "LOGINS_PER_ADDRESS": 60,
        "REGISTRATIONS_PER_ADDRESS": 300,
        "USER_REQUESTS_PER_MINUTE": 600,
        "LIVE_STREAMS_PER_USER": 10,
    }
    assert project_settings.TRUSTED_PROXY_COUNT == 0


# What of two attempts differs while they count together.
LOGIN_LIMITS: list[tuple[str, Callable[[int], tuple[str, str]]]] = [
    ("LOGINS_PER_NAME_AND_ADDRESS", lambda number: (("alice", "ALICE")[number % 2], "192.0.2.1")),
    ("LOGINS_PER_NAME", lambda number: ("alice", f"192.0.2.{number}")),
    ("LOGINS_PER_ADDRESS", lambda number: (f"person{number}", "192.0.2.1")),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("limit", "attempt"), LOGIN_LIMITS, ids=[limit for limit, _ in LOGIN_LIMITS])
def test_of_many_attempts_at_once_exactly_as_many_as_allowed_are_looked_at(
    settings: Any, limit: str, attempt: Callable[[int], tuple[str, str]]
) -> None:
    setattr(settings, limit, 10)

    def log_in_twice(device: int) -> list[int]:
        attempts = [attempt(2 * device), attempt(2 * device + 1)]
        return [log_in(username, REMOTE_ADDR=address).status_code for username, address in attempts]

    statuses = [status for device in run_concurrently(log_in_twice) for status in device]

    assert sorted(statuses) == [401] * 10 + [429] * (2 * DEVICES - 10)


@pytest.mark.django_db(transaction=True)
def test_successes_and_failures_at_once_leave_the_failures_counted(api: APIClient) -> None:
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
def test_counting_up_and_counting_down_lock_in_one_order() -> None:
    """Or else each of two requests waits for a row that the other one has, and PostgreSQL ends one of them."""
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


def test_past_the_limit_not_even_the_right_password_is_looked_at(
    alice: APIClient, settings: Any, clock: SimpleNamespace
) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 2
    assert log_in().status_code == 401
    clock.now += 100
    assert log_in().status_code == 401

    assert_too_many(log_in(password=PASSWORD), 800)
    clock.now += 798
    assert_too_many(log_in(password=PASSWORD), 2)
    clock.now += 2
    assert log_in(password=PASSWORD).status_code == 200


def test_a_success_is_not_counted(alice: APIClient, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 2
    assert log_in().status_code == 401

    for _ in range(3):
        assert log_in(password=PASSWORD).status_code == 200

    assert [log_in().status_code for _ in range(2)] == [401, 429]


def test_refused_attempts_do_not_use_up_a_limit_that_others_share(alice: APIClient, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS, settings.LOGINS_PER_NAME, settings.LOGINS_PER_ADDRESS = 2, 4, 4

    assert [log_in().status_code for _ in range(8)] == [401] * 2 + [429] * 6

    assert [log_in("bob").status_code for _ in range(3)] == [401, 401, 429]
    assert [log_in(REMOTE_ADDR="192.0.2.9").status_code for _ in range(3)] == [401, 401, 429]


def test_a_name_that_strangers_attack_opens_from_an_address_that_it_used_before(
    alice: APIClient, settings: Any, clock: SimpleNamespace
) -> None:
    settings.LOGINS_PER_NAME = 3
    assert log_in(password=PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 200
    strangers = [log_in(REMOTE_ADDR=f"198.51.100.{number}").status_code for number in range(4)]
    assert strangers == [401, 401, 401, 429]

    assert log_in(password=PASSWORD, REMOTE_ADDR="192.0.2.2").status_code == 429
    assert log_in(password=PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert log_in("bob", REMOTE_ADDR="192.0.2.1").status_code == 401
    settings.LOGINS_PER_NAME_AND_ADDRESS = 1
    assert [log_in(REMOTE_ADDR="192.0.2.1").status_code for _ in range(2)] == [401, 429]


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 429)])
def test_an_address_is_remembered_for_30_days(
    alice: APIClient, settings: Any, clock: SimpleNamespace, days: int, status: int
) -> None:
    settings.LOGINS_PER_NAME = 1
    assert log_in(password=PASSWORD).status_code == 200
    clock.now += days * 24 * 3600
    assert log_in(REMOTE_ADDR="198.51.100.1").status_code == 401

    assert log_in(password=PASSWORD).status_code == status


def test_names_and_addresses_are_not_stored(alice: APIClient) -> None:
    log_in()

    assert all(
        len(key) == 64 and set(key) <= set("0123456789abcdef")
        for key in RateCounter.objects.values_list("key", flat=True)
    )


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.7", "192.0.2.1"),
        (1, "192.0.2.1", "203.0.113.7", "203.0.113.7"),
        (1, "192.0.2.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (1, "192.0.2.1", "198.51.100.1,203.0.113.7 ", "203.0.113.7"),
        (1, "192.0.2.1", None, "192.0.2.1"),
        (2, "192.0.2.1", "198.51.100.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "192.0.2.1", "203.0.113.7", "192.0.2.1"),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2::", None, "2001:db8:1:2::/64"),
        (0, "2001:db8:1:3::", None, "2001:db8:1:3::/64"),
        (1, "::1", "2001:DB8:1:2::99", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", None, "192.0.2.1"),
        (0, "", None, ""),
        (1, "::1", "203.0.113.9:50000", "203.0.113.9"),
        (1, "::1", "[2001:db8:1:2::99]:443", "2001:db8:1:2::/64"),
        (1, "::1", "[2001:db8:1:2::99]", "2001:db8:1:2::/64"),
        (1, "::1", "::ffff:192.0.2.1", "192.0.2.1"),
        (1, "::1", "unknown", "unknown"),
    ],
)
def test_an_address_is_what_nobody_can_forge(
    settings: Any, proxies: int, peer: str, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers: dict[str, Any] = {"REMOTE_ADDR": peer} | (
        {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    )

    assert client_address(RequestFactory().get("/", **headers)) == address


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_forged_x_forwarded_for_does_not_walk_past_the_limit(db: None, settings: Any, proxies: int) -> None:
    settings.TRUSTED_PROXY_COUNT, settings.LOGINS_PER_NAME_AND_ADDRESS = proxies, 2
    appended = ["203.0.113.7", "10.0.0.1"][:proxies]

    statuses = [
        log_in(HTTP_X_FORWARDED_FOR=", ".join([f"198.51.100.{number}", *appended])).status_code for number in range(4)
    ]

    assert statuses == [401, 401, 429, 429]


@pytest.mark.parametrize("forwarded", ["203.0.113.9:{}", "[2001:db8::1]:{}"])
def test_another_port_does_not_walk_past_the_limit(db: None, settings: Any, forwarded: str) -> None:
    settings.TRUSTED_PROXY_COUNT, settings.LOGINS_PER_ADDRESS = 1, 2

    statuses = [
        log_in(username=f"nobody-{port}", HTTP_X_FORWARDED_FOR=forwarded.format(port)).status_code
        for port in range(50000, 50004)
    ]

    assert statuses == [401, 401, 429, 429]


def test_a_proxy_that_is_not_counted_is_warned_of_once(
    db: None, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    warn_of_untrusted_proxy.cache_clear()
    log_in()
    settings.TRUSTED_PROXY_COUNT = 1
    log_in(HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert "TRUSTED_PROXY_COUNT" not in caplog.text

    settings.TRUSTED_PROXY_COUNT = 0
    for _ in range(2):
        log_in(HTTP_X_FORWARDED_FOR="203.0.113.7")

    [warning] = [record for record in caplog.records if "TRUSTED_PROXY_COUNT" in record.getMessage()]
    assert warning.levelname == "WARNING"


@pytest.mark.parametrize(("https", "proxies", "warned"), [(True, 0, True), (True, 1, False), (False, 0, False)])
def test_the_deployment_check_asks_for_the_proxies(settings: Any, https: bool, proxies: int, warned: bool) -> None:
    settings.HTTPS, settings.TRUSTED_PROXY_COUNT = https, proxies

    found = [message for message in run_checks(include_deployment_checks=True) if message.id == "accounts.W001"]

    assert ["TRUSTED_PROXY_COUNT is 0" in message.msg for message in found] == [True] * warned


def test_the_admins_log_in_counts_too(alice: APIClient, settings: Any, clock: SimpleNamespace) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 2
    browser, wrong = Client(), {"username": "Alice", "password": WRONG}
    assert log_in().status_code == 401
    assert browser.post("/admin/login/", wrong).status_code == 200

    assert_too_many(browser.post("/admin/login/", wrong), 900)
    assert_too_many(log_in(password=PASSWORD), 900)


def test_a_success_in_the_admin_is_not_counted(django_user_model: Any, db: None, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 1
    django_user_model.objects.create_superuser("root", PASSWORD)

    for _ in range(2):
        response = Client().post("/admin/login/?next=/admin/", {"username": "root", "password": PASSWORD})
        assert response.status_code == 302

    assert log_in("root").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_of_many_registrations_at_once_exactly_as_many_as_allowed_succeed(settings: Any) -> None:
    settings.REGISTRATIONS_PER_ADDRESS = 5

    def register(number: int, address: str = "192.0.2.1") -> int:
        credentials = {"username": f"person{number}", "password": PASSWORD}
        return int(APIClient().post("/api/register", credentials, REMOTE_ADDR=address).status_code)

    assert sorted(run_concurrently(register)) == [201] * 5 + [429] * (DEVICES - 5)
    assert register(DEVICES, address="192.0.2.2") == 201


def test_registrations_are_limited_for_an_hour(api: APIClient, settings: Any, clock: SimpleNamespace) -> None:
    settings.REGISTRATIONS_PER_ADDRESS = 1
    api.post("/api/register", {"username": "alice", "password": PASSWORD})

    assert_too_many(api.post("/api/register", {"username": "bob", "password": PASSWORD}), 3600)
    clock.now += 3600
    assert api.post("/api/register", {"username": "bob", "password": PASSWORD}).status_code == 201


def test_all_requests_of_one_user_in_a_minute_are_limited(
    alice: APIClient, bob: APIClient, settings: Any, clock: SimpleNamespace
) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 3
    for path in ("/api/me", "/api/expenses", "/api/sessions"):
        assert alice.get(path).status_code == 200

    response = alice.get("/api/me")

    assert response.status_code == 429
    assert response["Retry-After"] == "20"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"detail": "Too many requests. Try again in 20 seconds.", "code": "limit_reached"}
    assert bob.get("/api/me").status_code == 200
    assert log_in(password=PASSWORD).status_code == 200
    clock.now += 20
    assert alice.get("/api/me").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_requests_of_one_user_at_once_exactly_as_many_as_allowed_succeed(
    alice: APIClient, settings: Any, clock: SimpleNamespace
) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 10

    statuses = run_concurrently(lambda _device: [alice.get("/api/me").status_code for _ in range(3)])

    assert sorted(status for device in statuses for status in device) == [200] * 10 + [429] * (3 * DEVICES - 10)


def test_requests_pass_while_they_cannot_be_counted(
    alice: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 1

    def incr(key: str) -> int:
        raise ConnectionError("Redis is away.")

    monkeypatch.setattr("accounts.throttling.cache", SimpleNamespace(incr=incr))

    assert [alice.get("/api/me").status_code for _ in range(3)] == [200] * 3
    assert "Requests cannot be counted." in caplog.messages


def test_a_log_in_is_five_statements(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # the attempt counted, user, the attempt refunded, savepoint (the test's transaction is around it), last login,
    # session, release
    with django_assert_num_queries(7):
        assert log_in(password=PASSWORD).status_code == 200


def test_a_failed_log_in_is_two_statements(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    # the attempt counted, user
    with django_assert_num_queries(2):
        assert log_in().status_code == 401
