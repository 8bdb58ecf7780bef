"""Whether the process lives, and whether it can serve: for load balancers, and without a detail for others."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from psycopg import errors as postgres
from rest_framework.test import APIClient

from expense_tracker import health
from expense_tracker.db.availability import REFUSAL_SECONDS, outage
from expense_tracker.termination import draining

PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def nothing_known_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just been started."""
    monkeypatch.setattr(health, "migrated", Event())
    monkeypatch.setattr(outage, "refused_at", -math.inf)


@contextmanager
def database_away(error: type[Exception]) -> Iterator[None]:
    """Every attempt to connect, or to use a connection that there is, fails."""
    failure = error("connection to server at 10.0.0.7, port 5432 failed: password of alice")
    with (
        patch.object(BaseDatabaseWrapper, "ensure_connection", side_effect=failure),
        patch.object(BaseDatabaseWrapper, "cursor", side_effect=failure),
    ):
        yield


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("headers", [{}, {"HTTP_AUTHORIZATION": "Bearer x.y.z"}], ids=["no token", "a forged token"])
def test_health_is_public(api: APIClient, path: str, headers: dict[str, Any]) -> None:
    response = api.get(path, **headers)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["10.0.0.5:8000", "evil.example", "", "a b"])
@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": "http://10.0.0.5"}], ids=["no origin", "an origin"])
def test_probe_works_with_any_host_and_over_http(
    api: APIClient, settings: Any, path: str, host: str, headers: dict[str, Any]
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = api.get(path, HTTP_HOST=host, **headers)

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/healthz/", "/readyz/x", "/api/expenses"])
def test_other_paths_check_the_host(api: APIClient, path: str) -> None:
    assert api.get(path, HTTP_HOST="10.0.0.5:8000").status_code == 400


def test_health_counts_toward_no_limit(api: APIClient, settings: Any) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 1

    assert {api.get(path).status_code for path in ["/healthz", "/readyz"] * 5} == {200}


def test_healthz_runs_no_query(api: APIClient, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        api.get("/healthz")


def not_ready(api: APIClient) -> None:
    api.raise_request_exception = False
    response = api.get("/readyz")

    assert response.status_code == 503
    assert response["Content-Type"] == PROBLEM
    assert response["Retry-After"] == "1"
    assert response.json() == {"detail": "Not ready", "code": "not_ready"}
    assert api.get("/healthz").status_code == 200


def test_a_server_that_is_about_to_end_is_not_ready_and_lives(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "since", time.monotonic())
    api.raise_request_exception = False

    response = api.get("/readyz")

    assert response.status_code == 503
    assert response["Content-Type"] == PROBLEM
    assert response["Retry-After"] == "1"
    assert response.json() == {"detail": "The server is about to end", "code": "draining"}
    assert api.get("/healthz").status_code == 200


def test_unapplied_migrations_are_not_ready(api: APIClient) -> None:
    MigrationRecorder.Migration.objects.filter(app="expenses").latest("id").delete()

    not_ready(api)


def test_database_without_tables_is_not_ready(api: APIClient) -> None:
    MigrationRecorder.Migration.objects.all().delete()

    not_ready(api)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])
def test_readyz_returns_503_while_the_database_is_away(api: APIClient, error: type[Exception]) -> None:
    with database_away(error):
        not_ready(api)

    assert api.get("/readyz").status_code == 200


def test_migrations_are_checked_until_all_are_applied(api: APIClient) -> None:
    answers = [True, True, False]
    with patch.object(health, "has_unapplied_migrations", side_effect=answers) as asked:
        not_ready(api)
        not_ready(api)
        assert [api.get("/readyz").status_code for _ in range(5)] == [200] * 5

    assert asked.call_count == len(answers)


def test_full_disk_is_remembered_for_some_seconds(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    error = OperationalError("could not extend file")
    error.__cause__ = postgres.DiskFull()

    outage.note(error)

    not_ready(api)
    later = time.monotonic() + REFUSAL_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert api.get("/readyz").status_code == 200


def test_outage_logs_one_line_per_second(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(outage, "logged_at", -math.inf)
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for now in (100.0, 100.5, 100.9, 101.0, 101.9, 102.1):  # noqa: B007  # the clock reads it
        outage.note(OperationalError("away"))

    assert [record.message for record in caplog.records] == ["The database is not available."] * 3
