"""The limit of files that are read at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from expenses.imports.errors import TooManyImports

WAIT_SECONDS = 5
reading_slots = BoundedSemaphore(2)


@contextmanager
def reading_slot() -> Iterator[None]:
    """Wait for one of this process's two slots: what is read takes many times the file's size for a moment. Raise
    TooManyImports."""
    if not reading_slots.acquire(timeout=WAIT_SECONDS):
        raise TooManyImports
    try:
        yield
    finally:
        reading_slots.release()
