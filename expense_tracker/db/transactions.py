"""Transactions of the API."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError, connection, transaction

from expense_tracker.db.errors import DEADLOCK_DETECTED, has_sqlstate
from expense_tracker.db.url import TIMEOUTS

# Whoever was in the deadlock too has waited for longer and goes first: at once, we would often meet again.
PAUSE_SECONDS = 0.05

P = ParamSpec("P")
R = TypeVar("R")


def atomic_write(function: Callable[P, R]) -> Callable[P, R]:
    """`function` in one transaction, which is `retried`."""
    return retried(in_transaction(function))


def retried(write: Callable[P, R]) -> Callable[P, R]:
    """`write`, which is a transaction. Where the database has ended that for a deadlock, which is nobody's fault, it is
    done once more."""

    @wraps(write)
    def retry(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return write(*args, **kwargs)
        except OperationalError as error:
            # A part of a transaction cannot be done again by itself.
            if connection.in_atomic_block or not has_sqlstate(error, DEADLOCK_DETECTED):
                raise
        time.sleep(PAUSE_SECONDS)
        return write(*args, **kwargs)

    return retry


def in_transaction(function: Callable[P, R]) -> Callable[P, R]:
    """Behind a transaction pooler the time-outs, which a session cannot have there, are set for the transaction."""

    @wraps(function)
    def write(*args: P.args, **kwargs: P.kwargs) -> R:
        is_outermost = not connection.in_atomic_block
        with transaction.atomic():
            if is_outermost and settings.DATABASE_POOLER:
                with connection.cursor() as cursor:
                    cursor.execute("; ".join(f"SET LOCAL {name} = '{value}'" for name, value in TIMEOUTS.items()))
            return function(*args, **kwargs)

    return write


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all statements of the block see one state of the database, that of the first one. Nobody waits for it: it
    takes no lock, and on SQLite not the one place of a writer. Within a transaction it does nothing."""
    if connection.in_atomic_block:
        yield
        return
    database: Any = connection
    with database.reading_transaction():
        yield


def writes_in_one_statement() -> bool:
    """Whether one statement can write to two tables (PostgreSQL), with no transaction around it: what else takes four
    round trips, from BEGIN to COMMIT, then takes one."""
    return not settings.DATABASE_POOLER and writes_in_with()


@cache
def writes_in_with() -> bool:
    return connection.vendor == "postgresql"
