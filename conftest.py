"""Fixtures for all tests: alice keeps expenses, bob must not see them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from expense_tracker.tests.clock import stopped_at
from expense_tracker.tests.people import log_in, make_user


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Any) -> None:
    """Tests that are not about passwords do not wait for them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """The requests of an earlier test, whose user had the same id, do not count."""
    cache.clear()


@pytest.fixture
def freeze() -> Iterator[Callable[[date], object]]:
    """Return a function that stops the clock of `expense_tracker.dates` at noon (UTC) of a day."""
    with ExitStack() as patches:
        yield lambda day: patches.enter_context(stopped_at(day))


@pytest.fixture
def unlimited(settings: Any) -> None:
    """Nobody reaches a limit, however much they ask for."""
    for name in (
        "USER_REQUESTS_PER_MINUTE",
        "LOGINS_PER_NAME_AND_ADDRESS",
        "LOGINS_PER_NAME",
        "LOGINS_PER_ADDRESS",
        "REGISTRATIONS_PER_ADDRESS",
    ):
        setattr(settings, name, 10**9)


@pytest.fixture
def api(db: None) -> APIClient:
    """A client that nobody is logged in with."""
    return APIClient()


@pytest.fixture
def make_client(db: None) -> Callable[[str], APIClient]:
    """Return a function that creates a user and returns a client that is logged in."""
    return lambda username: log_in(make_user(username))


@pytest.fixture
def alice(make_client: Callable[[str], APIClient]) -> APIClient:
    return make_client("alice")


@pytest.fixture
def bob(make_client: Callable[[str], APIClient]) -> APIClient:
    return make_client("bob")
