"""Django's SQLite backend, but with as many values in a statement as the library takes: Django 5.2 cuts statements at
999, the limit of SQLite before 3.32, and would send a bulk of 1,000 rows in a dozen pieces."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import transaction
from django.db.backends.sqlite3 import base, features

# SQLite's own default since version 3.32; Python's builds may allow more.
MAX_QUERY_PARAMS = 32_766


class DatabaseFeatures(features.DatabaseFeatures):
    max_query_params = MAX_QUERY_PARAMS


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    transaction_mode: str | None

    @contextmanager
    def reading_transaction(self) -> Iterator[None]:
        mode, self.transaction_mode = self.transaction_mode, "DEFERRED"
        with ExitStack() as stack:
            try:
                stack.enter_context(transaction.atomic(self.alias))
            finally:
                self.transaction_mode = mode
            yield

    def takes_writes(self, *, seconds: float) -> bool:
        """Return True where the file can be read: whether it can be written shows only when something is."""
        with self.cursor() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master")
        return True
