"""How many requests each user has made in a minute of the clock, counted for all processes together."""

import hashlib
import logging
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from struct import Struct
from threading import Lock
from typing import Any, Protocol

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

if sys.platform != "win32":
    import fcntl

# Of Redis, which answers within a millisecond where all is well.
ANSWER_SECONDS = 0.2
# So long nobody asks again where the counts are that all processes share.
PAUSE_SECONDS = 5
LOG_INTERVAL_SECONDS = 60
# Of another process, for an entry of the file, which takes some microseconds.
LOCK_TRIES = 50
RETRY_SECONDS = 0.001

logger = logging.getLogger(__name__)


class CannotCount(Exception):
    pass


class Counts(Protocol):
    def add(self, user_id: int, minute: int) -> int:
        """Count a request of the user; return how many there are in the minute with it. Raise CannotCount."""


class ProcessCounts:
    """Counts of this process alone."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.minute = 0
        self.counts: dict[int, int] = {}

    def add(self, user_id: int, minute: int) -> int:
        with self.lock:
            if minute != self.minute:
                self.minute, self.counts = minute, {}
            count = self.counts[user_id] = self.counts.get(user_id, 0) + 1
        return count


class FileCounts:
    """Counts of all processes of this machine, in a file: for each user id one entry, of a minute and a count.

    The file has holes where nobody counts. An entry takes 5 microseconds, a hundredth of what one in the database
    would."""

    ENTRY = Struct("=II")

    def __init__(self) -> None:
        self.lock = Lock()

    @cached_property
    def file(self) -> int:
        """The descriptor of a file that is the same for the same service, and whose name nobody else can guess."""
        database = connections[DEFAULT_DB_ALIAS].settings_dict
        parts = (settings.SECRET_KEY, str(database["HOST"]), str(database["PORT"]), str(database["NAME"]))
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        path = Path(tempfile.gettempdir(), f"expense-tracker-{digest[:32]}.counts")
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)

    @contextmanager
    def locked(self, offset: int) -> Iterator[None]:
        """Hold the entry. The kernel lets go of it where a process is killed; for one that is stopped nobody waits."""
        for _ in range(LOCK_TRIES):
            try:
                fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, self.ENTRY.size, offset)
                break
            except BlockingIOError:
                time.sleep(RETRY_SECONDS)
        else:
            raise CannotCount("Another process holds the entry.")
        try:
            yield
        finally:
            fcntl.lockf(self.file, fcntl.LOCK_UN, self.ENTRY.size, offset)

    def add(self, user_id: int, minute: int) -> int:
        offset = user_id * self.ENTRY.size
        try:
            with self.lock, self.locked(offset):
                entry = os.pread(self.file, self.ENTRY.size, offset)
                last, count = map(int, self.ENTRY.unpack(entry)) if entry else (0, 0)
                # Of two requests at the turn of a minute the one of the old minute may come here last.
                if minute not in (last, last - 1):
                    last, count = minute, 0
                count += 1
                os.pwrite(self.file, self.ENTRY.pack(last, count), offset)
        except OSError as error:
            raise CannotCount(error) from error
        return count


class RedisCounts:
    """Counts of all processes of all machines."""

    def __init__(self, url: str) -> None:
        import redis  # of requirements-redis.txt
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self.error = redis.RedisError
        self.client = redis.Redis.from_url(
            url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, retry=Retry(NoBackoff(), 0)
        )

    def add(self, user_id: int, minute: int) -> int:
        key = f"requests:{user_id}:{minute}"
        try:
            pipeline: Any = self.client.pipeline(transaction=False)  # both in one round trip
            return int(pipeline.incr(key).expire(key, 120).execute()[0])
        except self.error as error:
            raise CannotCount(error) from error


class RequestCounts:
    """The counts that all processes share; while these fail, the process's own.

    After a failure only one request in PAUSE_SECONDS tries again, so that the others need not wait for it."""

    def __init__(self, shared: Counts) -> None:
        self.shared, self.own = shared, ProcessCounts()
        self.lock = Lock()
        self.is_failing = False
        self.tries_at = self.logged_at = -math.inf

    def add(self, user_id: int, minute: int) -> int:
        own = self.own.add(user_id, minute)
        if self.is_failing and not self.is_time_to_try():
            return own
        try:
            count = self.shared.add(user_id, minute)
        except CannotCount as error:
            self.note(error)
            return own
        self.is_failing = False
        return count

    def is_time_to_try(self) -> bool:
        with self.lock:
            now = time.monotonic()
            if now < self.tries_at:
                return False
            self.tries_at = now + PAUSE_SECONDS
        return True

    def note(self, error: CannotCount) -> None:
        with self.lock:
            now = time.monotonic()
            self.is_failing, self.tries_at = True, now + PAUSE_SECONDS
            if now - self.logged_at < LOG_INTERVAL_SECONDS:
                return
            self.logged_at = now
        logger.warning("Each process counts requests for itself: %s", error)


@cache
def request_counts() -> RequestCounts:
    if settings.REDIS_URL:
        return RequestCounts(RedisCounts(settings.REDIS_URL))
    return RequestCounts(ProcessCounts() if sys.platform == "win32" else FileCounts())
