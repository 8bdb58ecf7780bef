"""SENTRY_DSN and OTEL_EXPORTER_OTLP_ENDPOINT: nothing where they are not set, and never what people send."""

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings

from expense_tracker.tests.servers import empty_database, serving

SECRET = "Wh1sper-me-n0t"
needs_sentry = pytest.mark.skipif(not find_spec("sentry_sdk"), reason="requirements-sentry.txt is not installed")
needs_opentelemetry = pytest.mark.skipif(
    not find_spec("opentelemetry"), reason="requirements-opentelemetry.txt is not installed"
)


@contextmanager
def receiver() -> Iterator[tuple[str, list[bytes]]]:
    """Yield the URL of a server that takes everything, and what it was sent."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}", sent
        server.shutdown()
        thread.join()


def run(script: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, "DATABASE_URL": "", **variables}
    command = [sys.executable, "-c", script]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_nothing_is_loaded_where_nothing_is_set() -> None:
    process = run(
        "import sys, expense_tracker.asgi;"
        "print([name for name in sys.modules if name.split('.')[0] in ('sentry_sdk', 'opentelemetry')])"
    )

    assert process.stdout == "[]\n", process.stderr


@pytest.mark.parametrize(
    ("variable", "package", "requirements"),
    [
        ("SENTRY_DSN", "sentry-sdk", "requirements-sentry.txt"),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "opentelemetry-exporter-otlp-proto-http",
            "requirements-opentelemetry.txt",
        ),
    ],
)
def test_a_missing_package_stops_the_start_with_one_sentence(variable: str, package: str, requirements: str) -> None:
    process = run(
        "import importlib.metadata as m\n"
        "def version(name): raise m.PackageNotFoundError(name)\n"
        "m.version = version\n"
        "import expense_tracker.asgi",
        **{variable: "http://127.0.0.1:1"},
    )

    assert process.returncode == 3
    sentence = f"{variable} is set, but {package} is not installed: pip install -r {requirements}\n"
    assert process.stderr == sentence


FAILING = f"""
import expense_tracker.asgi, sentry_sdk
from unittest.mock import patch
from django.conf import settings
from django.test import Client
secret = "{SECRET}"
settings.ALLOWED_HOSTS.append("testserver")
with patch("expense_tracker.docs.views.WelcomeView.get", side_effect=RuntimeError("broken\\nDETAIL: " + secret)):
    answer = Client(raise_request_exception=False).generic(
        "GET", f"/?search={{secret}}", secret,
        HTTP_AUTHORIZATION=f"Bearer {{secret}}", HTTP_COOKIE=f"a={{secret}}", HTTP_X_REQUEST_ID="mine",
        HTTP_USER_AGENT=secret, REMOTE_ADDR="203.0.113.9",
    )
assert answer.status_code == 500
sentry_sdk.flush()
"""


@pytest.mark.slow
@needs_sentry
def test_an_error_is_sent_to_sentry_without_what_was_sent_to_us() -> None:
    with receiver() as (address, sent):
        process = run(FAILING, SENTRY_DSN=f"http://key@{address}/1")

    assert process.returncode == 0, process.stderr
    [event] = sent
    for text in (
        b"RuntimeError",
        b'"value":"broken"',
        b'"request_id":"mine"',
        b'"transaction":"GET /"',
        b'"function":"dispatch"',
    ):
        assert text in event
    for text in (SECRET.encode(), b"203.0.113.9", b"vars", b"Authorization", b"Cookie"):
        assert text not in event


@pytest.mark.slow
@needs_opentelemetry
def test_a_request_and_its_statements_are_a_trace(tmp_path: Path) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    trace = "0af7651916cd43dd8448eb211c80319c"
    with receiver() as (address, sent), empty_database(tmp_path) as url:
        more = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{address}", "OTEL_BSP_SCHEDULE_DELAY": "100"}
        with serving("gunicorn", url, **more) as server:
            assert server.send("GET /healthz", host="10.0.0.7").status == 200
            headers = (f"traceparent: 00-{trace}-b7ad6b7169203331-01", f"User-Agent: {SECRET}")
            assert server.send(f"GET /api/expenses?search={SECRET}", *headers).status == 200
            deadline = time.monotonic() + 10
            while not any(bytes.fromhex(trace) in each for each in sent):
                assert time.monotonic() < deadline
                time.sleep(0.05)

    assert not any(SECRET.encode() in each or SECRET.lower().encode() in each for each in sent)
    resources = [resource for each in sent for resource in ExportTraceServiceRequest.FromString(each).resource_spans]
    assert resources[0].resource.attributes[0].value.string_value
    spans = [span for each in resources for scope in each.scope_spans for span in scope.spans]
    assert "GET /healthz" in {span.name for span in spans}
    traced = [span for span in spans if span.trace_id.hex() == trace]
    [request] = [span for span in traced if span.name == "GET /api/expenses"]
    attributes = {each.key: each.value for each in request.attributes}
    assert attributes["http.response.status_code"].int_value == 200
    statements = [span for span in traced if span.parent_span_id == request.span_id]
    assert {span.name for span in statements} == {"SELECT"}
    assert len(statements) >= 2
