"""Traces, sent to OTEL_EXPORTER_OTLP_ENDPOINT: a span for each request, and one for each statement of it.

OpenTelemetry reads its other variables by itself. Its instrumentation of Django is not used: it takes URLs and
addresses into spans, and refuses probes, whose Host is not in ALLOWED_HOSTS."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagate import extract
from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode

from expense_tracker.logs import request_id
from expense_tracker.monitoring.metrics import METHODS

SERVER_ERRORS = 500


class TracingMiddleware:
    """Traces each request, as a part of the trace that its `traceparent` names (W3C Trace Context)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        resource = Resource({SERVICE_NAME: "expense-tracker"}).merge(OTELResourceDetector().detect())
        provider = TracerProvider(resource=resource)
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self.tracer = provider.get_tracer("expense_tracker")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        method = request.method if request.method in METHODS else "_OTHER"
        parent = extract(request.headers)
        with (
            self.tracer.start_as_current_span(method, context=parent, kind=SpanKind.SERVER) as span,
            connection.execute_wrapper(self.trace_statement),
        ):
            response = self.get_response(request)
            span.set_attributes(
                {
                    "http.request.method": method,
                    "http.response.status_code": response.status_code,
                    "expense_tracker.request_id": request_id.get() or "",
                }
            )
            if request.resolver_match:
                route = f"/{request.resolver_match.route}"
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
            if response.status_code >= SERVER_ERRORS:
                span.set_status(StatusCode.ERROR)
        return response

    def trace_statement(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        """Execute in a span with the statement's text: neither values nor messages of errors, which quote them."""
        with self.tracer.start_as_current_span(
            sql.split(maxsplit=1)[0], kind=SpanKind.CLIENT, record_exception=False, set_status_on_exception=False
        ) as span:
            span.set_attributes({"db.system.name": connection.vendor, "db.query.text": sql})
            try:
                return execute(sql, *arguments)
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise
