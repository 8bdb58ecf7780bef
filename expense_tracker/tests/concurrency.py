"""Real parallel requests, for tests that are marked `django_db(transaction=True)`."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

from django.db import connection, connections

DEVICES = 8


def with_own_connection(work: Callable[..., Any], *arguments: Any) -> Any:
    """What `work` responses, in a thread of a test's: its connection to the database is not left open."""
    try:
        return work(*arguments)
    finally:
        connections.close_all()


def run_concurrently(work: Callable[[int], Any]) -> list[Any]:
    """What `work` answers to each device's number; all begin together, each with a database connection of its own."""
    start = Barrier(DEVICES)

    def device(number: int) -> Any:
        start.wait()
        return with_own_connection(work, number)

    with ThreadPoolExecutor(DEVICES) as pool:
        return list(pool.map(device, range(DEVICES)))


@contextmanager
def interleave(act: Callable[[], Any], *, after: str) -> Iterator[None]:
    """Somebody else acts in the moment after the first statement that holds the text `after`."""
    acts = [act]

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if acts and after in sql:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(with_own_connection, acts.pop()).result()
        return result

    with connection.execute_wrapper(watch):
        yield
    assert not acts
