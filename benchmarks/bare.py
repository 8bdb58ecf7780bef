"""How far the limit is: two applications with nothing between gunicorn and the answer but the bridge.

`answer` returns the same 10 KB each time: what the server itself costs. `rows` reads the rows of a list as plainly as
Python can, psycopg's tuples written by orjson, with no authentication, no limits, no filters and no pages:
`GET /OWNER_ID`.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg

from benchmarks.kinds import PAGE
from expense_tracker.bridge import Bridge

TEN_KILOBYTES = b"x" * 10_000
COLUMNS = ("id", "amount", "category", "description", "date", "created_at", "updated_at", "owner_id", "revision")
SELECT = (
    f"SELECT {', '.join(COLUMNS)} FROM expenses_expense"  # noqa: S608  # nosec B608  # the names above
    " WHERE owner_id = %s AND deleted_at IS NULL ORDER BY date DESC, id DESC LIMIT %s"
)
connections = threading.local()

StartResponse = Callable[[str, list[tuple[str, str]]], object]


def plain_answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(TEN_KILOBYTES)))])
    return [TEN_KILOBYTES]


def connection() -> psycopg.Connection[Any]:
    """This thread's; like Django's it stays open."""
    if not hasattr(connections, "own"):
        connections.own = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options="-c timezone=UTC")
    return connections.own  # type: ignore[no-any-return]  # a threading.local has no types


def plain_rows(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    owner_id = environ["PATH_INFO"].removeprefix("/")
    found: list[tuple[Any, ...]] = []
    if owner_id.isdecimal():  # the first request only asks whether the server answers
        found = connection().execute(SELECT, [owner_id, PAGE]).fetchall()
    body = orjson.dumps([dict(zip(COLUMNS, row, strict=True)) for row in found], option=orjson.OPT_UTC_Z)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


answer, rows = Bridge(plain_answer, threads=16), Bridge(plain_rows, threads=16)
