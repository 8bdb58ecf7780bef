"""Limits of registrations and of requests, and the defaults of all limits."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as project_settings
from rest_framework.test import APIClient

from accounts.tests.api import log_in
from accounts.tests.refusals import assert_too_many
from expense_tracker.tests.concurrency import DEVICES, run_concurrently
from expense_tracker.tests.people import PASSWORD


def test_default_limits() -> None:
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


@pytest.mark.django_db(transaction=True)
def test_concurrent_registrations_never_exceed_the_limit(settings: Any) -> None:
    settings.REGISTRATIONS_PER_ADDRESS = 5

    def register(number: int, address: str = "192.0.2.1") -> int:
        credentials = {"username": f"person{number}", "password": PASSWORD}
        return int(APIClient().post("/api/register", credentials, REMOTE_ADDR=address).status_code)

    assert sorted(run_concurrently(register)) == [201] * 5 + [429] * (DEVICES - 5)
    assert register(DEVICES, address="192.0.2.2") == 201


def test_registration_limit_lasts_an_hour(api: APIClient, settings: Any, clock: SimpleNamespace) -> None:
    settings.REGISTRATIONS_PER_ADDRESS = 1
    api.post("/api/register", {"username": "alice", "password": PASSWORD})

    assert_too_many(api.post("/api/register", {"username": "bob", "password": PASSWORD}), 3600)
    clock.now += 3600
    assert api.post("/api/register", {"username": "bob", "password": PASSWORD}).status_code == 201


def test_requests_of_a_user_are_limited_per_minute(
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
def test_concurrent_requests_never_exceed_the_limit(alice: APIClient, settings: Any, clock: SimpleNamespace) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 10

    statuses = run_concurrently(lambda _device: [alice.get("/api/me").status_code for _ in range(3)])

    assert sorted(status for device in statuses for status in device) == [200] * 10 + [429] * (3 * DEVICES - 10)
