"""Transactions of the API."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError, connection, transaction

from expense_tracker.errors import has_sqlstate

DEADLOCK_DETECTED = "40P01"

P = ParamSpec("P")
R = TypeVar("R")


def atomic_write(function: Callable[P, R]) -> Callable[P, R]:
    """`function` in one transaction. Where the database has ended that for a deadlock, which is nobody's fault, it is
    done once more. Behind a transaction pooler the time-outs, which a session cannot have there, are set for it
    alone."""

    @wraps(function)
    def write(*args: P.args, **kwargs: P.kwargs) -> R:
        is_outermost = not connection.in_atomic_block
        try:
            return attempt(*args, **kwargs)
        except OperationalError as error:
            if not is_outermost or not has_sqlstate(error, DEADLOCK_DETECTED):
                raise
        return attempt(*args, **kwargs)

    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        is_outermost = not connection.in_atomic_block
        with transaction.atomic():
            if is_outermost and settings.DATABASE_POOLER:
                with connection.cursor() as cursor:
                    cursor.execute(
                        "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in settings.TIMEOUTS.items())
                    )
            return function(*args, **kwargs)

    return write
