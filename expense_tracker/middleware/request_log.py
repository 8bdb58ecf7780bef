"""One line of the log for each request."""

import logging
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import SimpleLazyObject

from expense_tracker.logs import request_id

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
requests = logging.getLogger("expense_tracker.requests")


def user_id_of(request: HttpRequest) -> int | None:
    """Return the user's id if the user was loaded already; loading it here would be a query."""
    # DRF sets it; that of Django's middleware is lazy.
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
    return user.pk if user else None


def is_stream(response: HttpResponseBase) -> bool:
    """Return whether the response is a lasting stream; an export, which is computed, is none."""
    return isinstance(response, StreamingHttpResponse) and response.is_async


def fields_of(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any]:
    match = request.resolver_match
    return {
        "method": request.method,
        "route": match.route if match else None,
        "status": response.status_code,
        "seconds" if is_stream(response) else "milliseconds": 0.0,
        "user_id": user_id_of(request),
    }


def write_line(fields: dict[str, Any], start: float) -> None:
    """Write the line of a request that began at `start`, by the performance counter."""
    seconds = time.perf_counter() - start
    took = {"seconds": round(seconds, 1)} if "seconds" in fields else {"milliseconds": round(1000 * seconds, 1)}
    requests.info("request", extra={"fields": fields | took})


@dataclass
class ClosingStream:
    """The parts of a stream, and what is called when the response is closed."""

    parts: Any  # an asynchronous iterable of bytes
    close: Callable[[], None]

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self.parts)


class RequestLogMiddleware:
    """Gives each request an id, which the answer repeats (`X-Request-ID`), and writes the request's line: of a stream
    when it has ended, with `seconds` instead of `milliseconds`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        own_id = given if SANE_REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
        request_id.set(own_id)
        start = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = own_id
        write = partial(write_line, fields_of(request, response), start)
        if isinstance(response, StreamingHttpResponse) and is_stream(response):
            response.streaming_content = ClosingStream(response.streaming_content, write)
        else:
            write()
        return response
