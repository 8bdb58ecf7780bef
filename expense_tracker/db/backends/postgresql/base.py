"""Django's PostgreSQL backend, with less to do for each request and for each value."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from select import POLLIN, POLLOUT, poll
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.types.datetime import TimestamptzLoader

PROBE = b"SHOW transaction_read_only"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        # psycopg's own loader is written in C. Django's replaces the time zone of each value, in Python; but that of
        # the connection is UTC already, and so is ours.
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        # Django would look for its loader here. There are no named cursors: see DISABLE_SERVER_SIDE_CURSORS.
        return self.connection.cursor()

    def is_usable(self) -> bool:
        """Return whether the connection is usable, without Django's round trip: an idle server sends nothing
        but goodbye, so there is something to read only where it has gone."""
        if self.connection.closed:
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
        made read-only. Raise OperationalError where it does not answer in time; then the connection is of no use.

        psycopg's own cursors wait for a server that has gone silent for as long as TCP does."""
        deadline = time.monotonic() + seconds
        server, poller = self.connection.pgconn, poll()
        with self.wrap_database_errors:
            server.send_query(PROBE)
            while (unsent := server.flush()) or server.is_busy():
                poller.register(server.socket, POLLIN | POLLOUT if unsent else POLLIN)
                if not poller.poll(max(0, 1000 * (deadline - time.monotonic()))):
                    raise OperationalError("The server does not answer.")
                server.consume_input()
            answer = server.get_result().get_value(0, 0)
            while server.get_result():
                pass
        return bool(answer == b"off")
