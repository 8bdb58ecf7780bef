"""Counters of rate-limited attempts."""

import time
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Self

from django.db import connection, models


class RateCounterQuerySet(models.QuerySet["RateCounter"]):
    def expired(self) -> Self:
        return self.filter(window_ends__lte=int(time.time()))

    def count_up(self, keys: Collection[str], *, window: int) -> dict[str, tuple[int, int]]:
        """Add one to each counter, in one statement. Return `{key: (count, end of the window)}`.

        A window is fixed: it lasts `window` seconds from its first count. All processes share the counters, and each
        count is returned once."""
        return self.add(dict.fromkeys(keys, window), 1, first=1)

    def count_down(self, keys: Collection[str], *, begin: Mapping[str, int] = MappingProxyType({})) -> None:
        """Take one count back wherever the window has not ended.

        `begin` maps further keys to windows that begin now, unless they are running."""
        self.add({**dict.fromkeys(keys, 0), **begin}, -1, first=0)

    def is_running(self, key: str) -> bool:
        """Return whether the window of the key has not ended."""
        return self.filter(key=key, window_ends__gt=int(time.time())).exists()

    def add(self, windows: Mapping[str, int], number: int, *, first: int) -> dict[str, tuple[int, int]]:
        """Add `number` to the counters; a new window, of so many seconds, begins with `first`.

        The statement locks the rows in the order of their keys, so that two of them cannot deadlock."""
        now = int(time.time())
        rows = ", ".join(["(%s, %s, %s)"] * len(windows))
        values = [value for key in sorted(windows) for value in (key, first, now + windows[key])]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO accounts_counter AS old (key, count, window_ends) VALUES {rows}"  # noqa: S608  # nosec B608  # of %s
                " ON CONFLICT (key) DO UPDATE SET"
                " count = CASE WHEN old.window_ends <= %s THEN EXCLUDED.count"
                " WHEN old.count + %s < 0 THEN 0 ELSE old.count + %s END,"
                " window_ends = CASE WHEN old.window_ends <= %s THEN EXCLUDED.window_ends ELSE old.window_ends END"
                " RETURNING key, count, window_ends",
                [*values, now, number, number, now],
            )
            return {key: (count, window_ends) for key, count, window_ends in cursor.fetchall()}


class RateCounter(models.Model):
    """The number of attempts since the window began."""

    key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of what is counted.")
    count = models.PositiveIntegerField()
    # Not a DateTimeField: the one statement that counts compares it, and databases write times differently.
    window_ends = models.BigIntegerField(db_index=True, help_text="Seconds since 1970 in UTC.")

    objects = RateCounterQuerySet.as_manager()

    class Meta:
        db_table = "accounts_counter"

    def __str__(self) -> str:
        return f"{self.key[:8]}…: {self.count}"
