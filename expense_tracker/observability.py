"""One line of JSON on stdout for each request and event. What people send, tokens and passwords above all, is never in
it: a line names the route, not the path, and no query string, header or body."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

# What no line shows is not looked up (https://docs.python.org/3/howto/logging.html#optimization).
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
requests = logging.getLogger("expense_tracker.requests")
security = logging.getLogger("expense_tracker.security")


def log_event(event: str, **fields: Any) -> None:
    """A line about what matters to whoever watches over accounts: `login failed`, `limit hit`, `refresh reuse`,
    `password changed`, `session revoked`, `user deactivated`, `expenses exported`."""
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


def user_id_of(request: HttpRequest) -> int | None:
    """Who the request came from, as far as that was looked up: asking for more would be a query."""
    user = getattr(request, "authenticated_user", None) or getattr(request, "_cached_user", None)
    return user.pk if user else None


class RequestLogMiddleware:
    """Gives each request an id, which the answer repeats (`X-Request-ID`), and writes the request's line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        own_id = given if SANE_REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        request_id.set(own_id)
        start = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = own_id
        match = request.resolver_match
        fields: dict[str, Any] = {
            "method": request.method,
            "route": match.route if match else None,
            "status": response.status_code,
            "milliseconds": round(1000 * (time.perf_counter() - start), 1),
            "user_id": user_id_of(request),
        }
        requests.info("request", extra={"fields": fields})
        return response
