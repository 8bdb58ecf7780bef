"""Django's PostgreSQL backend, with less to do for each request and for each value, and an end to each wait."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from select import POLLIN, poll
from typing import Any, LiteralString

from django.db import transaction
from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.errors import ConnectionTimeout, ReadOnlySqlTransaction, _WaitTimeout
from psycopg.types.datetime import TimestamptzLoader

PROBE: LiteralString = "SHOW transaction_read_only"
# So long after a server has not answered in time nobody else waits for a connection to it.
PAUSE_SECONDS = 1.0


class Seen:
    """What this process has last met, on the monotonic clock: a server that said nothing, and one that takes no writes
    any more although we have asked for one that does."""

    silence = demotion = -math.inf

    @property
    def is_silent(self) -> bool:
        return time.monotonic() - self.silence < PAUSE_SECONDS


seen = Seen()


class DatabaseWrapper(base.DatabaseWrapper):
    # Until when an answer is waited for, on the monotonic clock; None: for SILENT_SECONDS of the settings.
    deadline: float | None = None
    connected_at = -math.inf

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if seen.is_silent:
            raise OperationalError("The server did not answer a moment ago.")
        self.connected_at = time.monotonic()
        try:
            connection = super().get_new_connection(conn_params)
        except ConnectionTimeout:
            seen.silence = time.monotonic()
            raise
        # psycopg's own loader is written in C. Django's replaces the time zone of each value, in Python; but that of
        # the connection is UTC already, and so is ours.
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        # psycopg would wait for as long as TCP does: for ever, where the host takes what is sent and nothing else.
        connection.wait = partial(self.wait, connection, connection.wait)
        return connection

    def wait(self, connection: Any, wait: Any, generator: Any, **options: Any) -> Any:
        """Wait as psycopg's connection does. Where the server says nothing until the deadline, close the connection and
        raise OperationalError."""
        timeout = self.settings_dict.get("SILENT_SECONDS")
        if self.deadline is not None:
            timeout = max(0.0, self.deadline - time.monotonic())
        try:
            return wait(generator, **{"timeout": timeout, **options})
        except _WaitTimeout:
            seen.silence = time.monotonic()
            connection.pgconn.finish()
            raise OperationalError("The server does not answer.") from None
        except ReadOnlySqlTransaction:
            self.note_demotion()
            raise

    def note_demotion(self) -> None:
        """Let all threads connect anew where that reaches another server: this one would show them what was."""
        if self.settings_dict["OPTIONS"].get("target_session_attrs") in ("read-write", "primary"):
            seen.demotion = time.monotonic()

    def create_cursor(self, name: str | None = None) -> Any:
        # Django would look for its loader here. There are no named cursors: see DISABLE_SERVER_SIDE_CURSORS.
        return self.connection.cursor()

    def is_usable(self) -> bool:
        """Return whether the connection is usable, without Django's round trip: an idle server sends nothing
        but goodbye, so there is something to read only where it has gone."""
        if self.connection.closed or self.connected_at < seen.demotion:
            return False
        # Not select(), which takes no descriptor above 1023: clients have descriptors too.
        poller = poll()
        poller.register(self.connection.fileno(), POLLIN)
        return not poller.poll(0)

    @contextmanager
    def reading_transaction(self) -> Iterator[None]:
        with transaction.atomic(self.alias):
            with self.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    def takes_writes(self, *, seconds: float) -> bool:
        """Return whether the server, which answers within `seconds`, takes writes: a standby does not, nor one that was
        made read-only. Raise OperationalError where it does not answer in time, or cannot be connected to."""
        self.deadline = time.monotonic() + seconds
        try:
            with self.cursor() as cursor:
                cursor.execute(PROBE)
                takes_writes = bool(cursor.fetchone() == ("off",))
        finally:
            self.deadline = None
        if not takes_writes:
            self.note_demotion()
        return takes_writes
