"""Real parallel requests, for tests that are marked `django_db(transaction=True)`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

DEVICES = 8


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What `work` answers to each device's number; all begin together, each with a database connection of its own."""
    start = Barrier(DEVICES)

    def device(number: int) -> Any:
        start.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(DEVICES) as pool:
        return list(pool.map(device, range(DEVICES)))
