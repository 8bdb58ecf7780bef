"""The availability of the database, and the response when it is unavailable."""

import logging
import math
import time
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections

from expense_tracker.db.errors import is_disk_full, is_spent

# A full disk shows only in a write that fails. So long it is remembered; writes that go on failing renew it.
REFUSAL_SECONDS = 10
LOG_INTERVAL_SECONDS = 1

logger = logging.getLogger(__name__)


class Outage:
    """What this process knows of an outage. Times are those of the monotonic clock."""

    logged_at = -math.inf
    refused_at = -math.inf

    def note(self, error: BaseException) -> None:
        """Log an error that stands for an outage, at most once a second, and give up a connection that is no good."""
        now = time.monotonic()
        if now - self.logged_at >= LOG_INTERVAL_SECONDS:
            self.logged_at = now
            logger.error("The database is not available.", exc_info=error)
        if is_disk_full(error):
            self.refused_at = now
        if is_spent(error):
            close()

    @property
    def has_refused_writes(self) -> bool:
        return time.monotonic() - self.refused_at < REFUSAL_SECONDS


outage = Outage()


def close() -> None:
    """Close this thread's connection; the next request gets a new one."""
    database = connections[DEFAULT_DB_ALIAS]
    if not database.in_atomic_block:
        database.close()


def is_available(*, seconds: float) -> bool:
    """Return whether the database answers within `seconds` and takes writes."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    try:
        database.close_if_health_check_failed()
        takes_writes: bool = database.takes_writes(seconds=seconds)
    except Error:
        takes_writes = False
    if not takes_writes:
        close()
    return takes_writes and not outage.has_refused_writes
