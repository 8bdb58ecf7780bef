"""A PostgreSQL that is there and does not do what it is asked to: 503 for what it refuses, and no longer than that."""

import math
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import InternalError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains
from rest_framework.test import APIClient

from accounts.models import Session, User
from expense_tracker import health
from expense_tracker.db.availability import outage
from expense_tracker.db.backends.postgresql import base
from expense_tracker.db.url import read_database
from expense_tracker.tests.people import PASSWORD
from expenses.models import Expense

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own faults"),
]
UNAVAILABLE = {"detail": "The service is not available at the moment. Try again in a moment.", "code": "unavailable"}
LUNCH = {"amount": 2500, "category": "Food"}
CREDENTIALS = {"username": "alice", "password": PASSWORD}
KEY = {"HTTP_IDEMPOTENCY_KEY": "one"}


@pytest.fixture(autouse=True)
def nothing_known_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "migrated", Event())
    monkeypatch.setattr(outage, "refused_at", -math.inf)
    monkeypatch.setattr(base, "seen", base.Seen())


@contextmanager
def administrator() -> Iterator[psycopg.Connection]:
    name = connection.settings_dict["NAME"]
    options = "-c default_transaction_read_only=off"
    with psycopg.connect(django_settings.DATABASE_URL, dbname=name, autocommit=True, options=options) as administrator:
        yield administrator


def set_read_only(value: str) -> None:
    """What a provider does when the disk fills up; it holds for connections that are made from then on."""
    with administrator() as session:
        statement = f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET default_transaction_read_only = {value}'
        session.execute(statement.encode())


@pytest.fixture
def read_only() -> Iterator[Callable[[], None]]:
    """Make the database read-only, and what this thread is connected to."""

    def begin() -> None:
        set_read_only("on")
        connection.close()

    yield begin
    set_read_only("off")
    connection.close()


def refused(response: Any) -> None:
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == UNAVAILABLE["detail"]
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize(
    "write",
    [
        lambda client: client.post("/api/expenses", LUNCH),
        lambda client: client.post("/api/expenses", LUNCH, **KEY),
        lambda client: client.post("/api/expenses/bulk", {"create": [LUNCH]}),
        lambda client: client.put("/api/budgets", {"category": None, "amount": 1}),
        lambda client: client.post("/api/login", CREDENTIALS),
        lambda client: client.post("/api/register", CREDENTIALS | {"username": "carol"}),
        lambda client: client.post("/api/logout"),
    ],
    ids=["create", "with a key", "bulk", "budget", "log-in", "registration", "log-out"],
)
def test_read_only_database_serves_reads_and_its_connection_is_closed(
    alice: APIClient, read_only: Callable[[], None], write: Callable[[APIClient], Any]
) -> None:
    read_only()
    alice.raise_request_exception = False

    assert alice.get("/api/expenses").status_code == 200
    refused(write(alice))
    assert alice.get("/healthz").status_code == 200
    response = alice.get("/readyz")
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert Expense.objects.count() == 0
    connection.close()  # which that count has opened
    refused(write(alice))
    set_read_only("off")

    response = write(alice)
    assert response.status_code in (200, 201)


def test_standby_is_ready_only_once_it_is_promoted(api: APIClient, read_only: Callable[[], None]) -> None:
    read_only()
    assert [api.get("/readyz").status_code for _ in range(2)] == [503, 503]

    set_read_only("off")

    assert api.get("/readyz").status_code == 200


def test_last_use_is_not_written_to_a_read_only_database(alice: APIClient, read_only: Callable[[], None]) -> None:
    before = timezone.now() - 2 * Session.USE_IS_NOTED_AFTER
    Session.objects.update(last_used_at=before)
    read_only()

    assert alice.get("/api/expenses").status_code == 200

    set_read_only("off")
    # The first finds the connection that is read-only, and closes it.
    assert [alice.get("/api/expenses").status_code for _ in range(2)] == [200, 200]
    assert Session.objects.get().last_used_at > before


def test_admin_reports_a_read_only_database(client: Client, read_only: Callable[[], None]) -> None:
    User.objects.create_superuser("sarah", PASSWORD)
    read_only()
    client.raise_request_exception = False

    response = client.post("/admin/login/", {"username": "sarah", "password": PASSWORD})

    assertContains(response, UNAVAILABLE["detail"], status_code=503)
    assert int(response["Retry-After"]) > 0


@contextmanager
def raising(code: str) -> Iterator[None]:
    """PostgreSQL answers every change of a revision counter or a rate counter with this SQLSTATE."""
    with administrator() as session:
        session.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$".encode()
        )
        tables = ("accounts_ledger", "accounts_counter")
        for table in tables:
            session.execute(
                f"CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION fail()".encode()
            )
        try:
            yield
        finally:
            session.execute("DROP FUNCTION fail CASCADE")


@pytest.mark.parametrize("code", ["25006", "25P02", "53100", "53200", "53300", "57P01", "57P03"])
@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/api/expenses", LUNCH, {}),
        ("/api/expenses", LUNCH, KEY),
        ("/api/login", CREDENTIALS, {}),
    ],
    ids=["create", "with a key", "log-in"],
)
def test_temporary_database_errors_return_503(
    alice: APIClient, code: str, path: str, body: Any, headers: dict[str, Any]
) -> None:
    alice.raise_request_exception = False

    with raising(code):
        refused(alice.post(path, body, **headers))
        assert alice.get("/api/expenses").status_code == 200
        ready = alice.get("/readyz").status_code

    assert ready == (503 if code == "53100" else 200)
    assert alice.post(path, body, **headers).status_code in (200, 201)


def test_internal_database_error_returns_500(alice: APIClient) -> None:
    alice.raise_request_exception = False

    with raising("XX000"):
        assert alice.post("/api/expenses", LUNCH).status_code == 500


def test_unresponsive_server_is_not_ready_within_the_deadline(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.2)
    start = time.monotonic()

    with monkeypatch.context() as patched:
        patched.setattr(base, "PROBE", "SELECT pg_sleep(1)")
        response = api.get("/readyz")

    assert response.status_code == 503
    assert 0.2 <= time.monotonic() - start < 0.9
    assert api.get("/readyz").status_code == 503  # at once, for a second
    assert time.monotonic() - start < 0.9
    time.sleep(base.PAUSE_SECONDS)
    assert api.get("/readyz").status_code == 200


def test_a_statement_that_is_not_answered_is_given_up(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the server is stopped, or a firewall has forgotten the connection."""
    alice.raise_request_exception = False
    monkeypatch.setitem(connection.settings_dict, "SILENT_SECONDS", 0.3)
    with administrator() as session, session.transaction():
        session.execute("LOCK accounts_session")
        start = time.monotonic()
        refused(alice.get("/api/expenses"))
        assert 0.3 <= time.monotonic() - start < 0.8
        connection.close()  # as every request does that finds it closed
        refused(alice.get("/api/expenses"))
        assert time.monotonic() - start < 0.8
    time.sleep(base.PAUSE_SECONDS)

    assert alice.get("/api/expenses").status_code == 200


@pytest.mark.parametrize("notice", ["a probe", "a write"])
@pytest.mark.parametrize(
    ("options", "is_usable"), [({"target_session_attrs": "read-write"}, False), ({}, True)], ids=["several", "one host"]
)
def test_who_meets_a_demoted_primary_lets_all_threads_look_for_the_next(
    notice: str, options: dict[str, str], is_usable: bool
) -> None:
    settings = connection.settings_dict | {"OPTIONS": connection.settings_dict["OPTIONS"] | options}
    ours, others = base.DatabaseWrapper(settings), base.DatabaseWrapper(settings)
    with ours.cursor() as cursor, others.cursor():
        cursor.execute("SET default_transaction_read_only = on")
        assert others.is_usable()

        if notice == "a probe":
            assert not ours.takes_writes(seconds=2)
        else:
            with pytest.raises(InternalError):
                cursor.execute("DELETE FROM accounts_session")

    assert others.is_usable() is is_usable
    others.close()
    assert others.takes_writes(seconds=2)
    assert others.is_usable()
    ours.close()
    others.close()


def test_a_host_that_takes_connections_and_says_nothing_is_not_waited_for_by_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://alice@127.0.0.1:{silent.getsockname()[1]}/expenses"
        database = base.DatabaseWrapper(connection.settings_dict | read_database(url, data_dir=Path()))
        for seconds in (2, 0):
            start = time.monotonic()
            with pytest.raises(OperationalError):
                database.takes_writes(seconds=2)
            assert seconds <= time.monotonic() - start < seconds + 0.8
