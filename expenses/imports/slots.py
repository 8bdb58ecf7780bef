"""The limit of files that are read at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from time import perf_counter

from django.conf import settings

from expense_tracker.monitoring.metrics import IMPORT_SECONDS, REFUSED_FILES, count
from expenses.imports.errors import ImportRefused, TooManyImports

WAIT_SECONDS = 5
reading_slots = BoundedSemaphore(2)


@contextmanager
def reading_slot() -> Iterator[None]:
    """Wait for one of this process's two slots: what is read takes many times the file's size for a moment. Raise
    TooManyImports."""
    if not reading_slots.acquire(timeout=WAIT_SECONDS):
        raise TooManyImports
    start = perf_counter()
    try:
        yield
    except ImportRefused as error:
        count(REFUSED_FILES, error.code)
        raise
    finally:
        reading_slots.release()
        if settings.METRICS_TOKEN:
            IMPORT_SECONDS.observe(perf_counter() - start)
