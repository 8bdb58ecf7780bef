"""One line of JSON on stdout for each request and event. What people send, tokens and passwords above all, is never in
it: a line names the route, not the path, and no query string, header or body."""

import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
security = logging.getLogger("expense_tracker.security")


def log_event(event: str, **fields: Any) -> None:
    """Log a security event: `login failed`, `limit hit`, `refresh reuse`, `password changed`, `session revoked`,
    `user deactivated`, `expenses exported`, `expenses imported`, `second factor set up`,
    `second factor removed`."""
    security.warning(event, extra={"fields": fields})


class JSONFormatter(logging.Formatter):
    """Members: `time` (UTC), `level`, `logger`, `message`, `request_id`, those of the record's `fields`, and
    `exception`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


class Refusals(logging.Filter):
    """Log requests that Django refuses, such as a wrong Host, as a warning of one line: anybody can send them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
            record.exc_info = None
        return True
