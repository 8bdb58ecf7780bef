"""One line of the log for each request."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from expense_tracker.logs import request_id

SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
requests = logging.getLogger("expense_tracker.requests")


def user_id_of(request: HttpRequest) -> int | None:
    """Who the request came from, as far as that was looked up: asking for more would be a query."""
    # DRF sets it; that of Django's middleware is lazy.
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
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
