"""What the database can do to a request, and what the client then hears."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from psycopg import errors as postgres
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expense_tracker.db.transactions import atomic_write
from expense_tracker.tests.concurrency import with_own_connection
from expenses.models import Expense

PROBLEM = "application/problem+json"
UNAVAILABLE = {"detail": "The service is not available at the moment. Try again in a moment.", "code": "unavailable"}
LUNCH = {"amount": 2500, "category": "Food"}
# The requests begin transactions of their own, as a server's do.
pytestmark = pytest.mark.django_db(transaction=True)
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a lock of SQLite's")
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one lock, and no deadlocks")


def operational_error(cause: Exception) -> OperationalError:
    error = OperationalError("something is wrong")
    error.__cause__ = cause
    return error


class Failing:
    """Fails with these errors, one after another, and then no more; counts how often it was asked."""

    def __init__(self, *causes: Exception) -> None:
        self.causes = list(causes)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.causes:
            raise operational_error(self.causes.pop(0))
        return "done"


def test_deadlock_is_retried_once() -> None:
    work = Failing(postgres.DeadlockDetected())

    assert atomic_write(work)() == "done"
    assert work.calls == 2


def test_second_deadlock_is_not_retried() -> None:
    work = Failing(postgres.DeadlockDetected(), postgres.DeadlockDetected())

    with pytest.raises(OperationalError):
        atomic_write(work)()
    assert work.calls == 2


@pytest.mark.parametrize(
    "cause", [postgres.LockNotAvailable(), postgres.QueryCanceled(), psycopg.OperationalError(), sqlite3.Error()]
)
def test_other_errors_are_not_retried(cause: Exception) -> None:
    work = Failing(cause)

    with pytest.raises(OperationalError):
        atomic_write(work)()
    assert work.calls == 1


def test_nested_transaction_is_not_retried_alone() -> None:
    work = Failing(postgres.DeadlockDetected())

    with pytest.raises(OperationalError), transaction.atomic():
        atomic_write(work)()
    assert work.calls == 1


def test_work_before_a_deadlock_is_rolled_back(alice: APIClient) -> None:
    owner_id, deadlocks = User.objects.get().pk, [postgres.DeadlockDetected()]

    @atomic_write
    def write() -> None:
        [number] = RevisionCounter.objects.allocate(user_id=owner_id, count=1)
        Expense.objects.create(owner_id=owner_id, revision=number, **LUNCH)
        if deadlocks:
            raise operational_error(deadlocks.pop())

    write()

    assert Expense.objects.count() == RevisionCounter.objects.get().revision == 1


@pytest.mark.parametrize("key", [{}, {"HTTP_IDEMPOTENCY_KEY": "once"}], ids=["no key", "a key"])
@pytest.mark.parametrize(("deadlocks", "status"), [(1, 201), (2, 503)])
def test_one_deadlock_is_invisible_to_the_client(
    alice: APIClient, key: dict[str, Any], deadlocks: int, status: int
) -> None:
    failing = Failing(*[postgres.DeadlockDetected()] * deadlocks)

    def execute(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "INSERT INTO accounts_ledger" in sql:
            failing()
        return execute(sql, params, many, context)

    alice.raise_request_exception = False
    with connection.execute_wrapper(execute):
        response = alice.post("/api/expenses", LUNCH, **key)

    assert response.status_code == status
    assert Expense.objects.count() == (status == 201)
    if status == 503:
        assert response.json() == UNAVAILABLE
        assert int(response["Retry-After"]) > 0


@only_postgresql
def test_two_transactions_that_wait_for_each_other_both_succeed(alice: APIClient, bob: APIClient) -> None:
    ids = list(User.objects.order_by("pk").values_list("pk", flat=True))
    both_hold_one = threading.Barrier(2)
    attempts: list[int] = []

    @atomic_write
    def lock(first: int, second: int) -> None:
        attempts.append(first)
        RevisionCounter.objects.allocate(user_id=first, count=1)
        if len(attempts) <= 2:
            both_hold_one.wait(10)
        RevisionCounter.objects.allocate(user_id=second, count=1)

    other = threading.Thread(target=with_own_connection, args=(lock, *reversed(ids)))
    other.start()
    lock(*ids)
    other.join(30)

    # One of the two is ended, or, where both looked at the same moment, each.
    assert 3 <= len(attempts) <= 4
    assert [counter.revision for counter in RevisionCounter.objects.all()] == [2, 2]


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def read_only() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    yield
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = OFF")


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The requests use the connection of the test."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    yield
    connection.close()


@only_sqlite
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("broken", [locked, read_only])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/api/expenses", LUNCH),
        ("patch", "/api/expenses/{}", {"amount": 1}),
        ("delete", "/api/expenses/{}", None),
        ("post", "/api/logout", None),
        ("post", "/api/login", {"username": "alice", "password": "SecurePassword123!"}),
        ("post", "/api/register", {"username": "carol", "password": "SecurePassword123!"}),
    ],
)
def test_read_only_database_returns_503_until_it_takes_writes_again(
    alice: APIClient, broken: Any, method: str, path: str, body: Any
) -> None:
    path = path.format(alice.post("/api/expenses", LUNCH).json()["id"])
    alice.raise_request_exception = False

    with broken():
        refused, read = getattr(alice, method)(path, body), alice.get("/api/expenses")
    done = getattr(alice, method)(path, body)

    assert refused.status_code == 503
    assert refused["Content-Type"] == PROBLEM
    assert refused.json() == UNAVAILABLE
    assert int(refused["Retry-After"]) > 0
    assert read.status_code == 200
    assert done.status_code in (200, 201)
