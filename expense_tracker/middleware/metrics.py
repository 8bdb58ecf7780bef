from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from expense_tracker.middleware.request_log import is_stream
from expense_tracker.monitoring.metrics import STATEMENT_SECONDS, STATEMENTS, request_metrics


class Statements:
    """A wrapper of statements that counts them, with their seconds."""

    def __init__(self) -> None:
        self.number, self.seconds = 0, 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        start = perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.number += 1
            self.seconds += perf_counter() - start


class MetricsMiddleware:
    """Counts each request and its statements, where METRICS_TOKEN is set. A stream is counted when it begins."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        start, statements = perf_counter(), Statements()
        with connection.execute_wrapper(statements):
            response = self.get_response(request)
        match = request.resolver_match
        requests, durations = request_metrics(request.method, match.route if match else None, response.status_code)
        requests.inc()
        if not is_stream(response):
            durations.observe(perf_counter() - start)
        if statements.number:
            STATEMENTS.inc(statements.number)
            STATEMENT_SECONDS.inc(statements.seconds)
        return response
