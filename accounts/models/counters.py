"""Counters of what is limited."""

import time
from collections.abc import Collection
from typing import Self

from django.db import connection, models
from django.db.models import F


class CounterQuerySet(models.QuerySet["Counter"]):
    def expired(self) -> Self:
        return self.filter(window_ends__lte=int(time.time()))

    def count_up(self, keys: Collection[str], *, window: int) -> dict[str, tuple[int, int]]:
        """Adds one to each counter, in one statement, and answers the counts with the ends of their windows.

        A window of `window` seconds is fixed: it begins with its first count. All processes count together, and no two
        of them are told the same count."""
        now = int(time.time())
        rows = ", ".join(["(%s, 1, %s)"] * len(keys))
        # In one order, so that two statements cannot wait for each other.
        values = [value for key in sorted(keys) for value in (key, now + window)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO accounts_counter AS old (key, count, window_ends) VALUES {rows}"  # noqa: S608  # of %s
                " ON CONFLICT (key) DO UPDATE SET"
                " count = CASE WHEN old.window_ends <= %s THEN 1 ELSE old.count + 1 END,"
                " window_ends = CASE WHEN old.window_ends <= %s THEN EXCLUDED.window_ends ELSE old.window_ends END"
                " RETURNING key, count, window_ends",
                [*values, now, now],
            )
            return {key: (count, window_ends) for key, count, window_ends in cursor.fetchall()}

    def count_down(self, keys: Collection[str]) -> None:
        """Takes one count back, in the windows that last."""
        self.filter(key__in=keys, count__gt=0, window_ends__gt=int(time.time())).update(count=F("count") - 1)


class Counter(models.Model):
    """How often something has happened since its window began."""

    key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of what is counted.")
    count = models.PositiveIntegerField()
    # Not a DateTimeField: the one statement that counts compares it, and databases write times differently.
    window_ends = models.BigIntegerField(db_index=True, help_text="Seconds since 1970 in UTC.")

    objects = CounterQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.key[:8]}…: {self.count}"
