"""Django's PostgreSQL backend, with less to do for each request and for each value."""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader


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
        """Whether the connection can be used, without the round trip that Django asks with: an idle server says nothing
        but goodbye, so there is something to read only where it has gone."""
        if self.connection.closed:
            return False
        # Not select(), which takes no descriptor above 1023: clients have descriptors too.
        poller = poll()
        poller.register(self.connection.fileno(), POLLIN)
        return not poller.poll(0)
