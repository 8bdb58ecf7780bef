"""Fixtures for all tests: alice keeps expenses, bob must not see them."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import cache as cached
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from rest_framework.test import APIClient

from accounts import throttling
from accounts.request_counts import ProcessCounts, RequestCounts
from expense_tracker.tests.clock import stopped_at
from expense_tracker.tests.people import log_in, make_user

# Of requirements-dev.txt. Without them the other tests run all the same, as after `pip install -r requirements.txt`.
MISSING = [name for name in ("hypothesis", "schemathesis") if find_spec(name) is None]
NEEDS_MISSING = re.compile(rf"^(from|import) ({'|'.join(MISSING)})\b", re.MULTILINE)
left_out: set[str] = set()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the files that import what is missing."""
    if MISSING and collection_path.suffix == ".py" and NEEDS_MISSING.search(collection_path.read_text()):
        left_out.add(collection_path.name)
        return True
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if left_out:
        terminalreporter.section("not run", sep="!")
        terminalreporter.line(
            f"{len(left_out)} files of tests need {' and '.join(MISSING)}: pip install -r requirements-dev.txt"
        )
        terminalreporter.line(", ".join(sorted(left_out)))
    if not which("promtool"):
        terminalreporter.section("not run", sep="!")
        terminalreporter.line("Whether the alerts go off: promtool is missing (Debian: apt-get install prometheus)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if connection.vendor != "sqlite":
        for item in items:
            if item.get_closest_marker("one_database"):
                item.add_marker(pytest.mark.skip(reason="done on SQLite"))


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Any) -> None:
    """Tests that are not about passwords do not wait for them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def static_files_on_demand(settings: Any) -> None:
    """WhiteNoise does not read all static files for the first request of each client, which takes 17 ms."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The requests of an earlier test, whose user had the same id, do not count, nor its expenses."""
    cache.clear()
    monkeypatch.setattr(throttling, "request_counts", cached(lambda: RequestCounts(ProcessCounts())))


@pytest.fixture
def groups(db: None) -> None:
    """The groups that migrations make; a test before that has emptied all tables has taken them, too."""
    import_module("expenses.migrations.0006_roles").make_groups(apps, None)
    import_module("expenses.migrations.0011_restore_permission").let_support_restore(apps, None)


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
