"""What is counted for Prometheus, and that nobody who sends requests decides how many series there are."""

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from threading import Event, Semaphore
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from accounts.models import Session
from expense_tracker import asgi
from expense_tracker.environ import STREAMS
from expense_tracker.monitoring.bridge import MeasuredBridge, MeasuredThreads
from expense_tracker.monitoring.metrics import METHODS, exposition, registry
from expense_tracker.tests.people import PASSWORD
from expense_tracker.tests.routes import ARGUMENTS, ROUTES, path_of

LUNCH = {"amount": 2500, "category": "Food"}
SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/",
    "query_string": b"",
    "headers": [],
}
# A function that returns by how much a sample has grown since it was made, or None where there is none.
Growth = Callable[..., float]


@pytest.fixture
def counting(settings: Any, tmp_path: Path) -> None:
    settings.METRICS_TOKEN = "t" * 16
    settings.DATA_DIR = tmp_path


def samples() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return all samples but those that say when a series began, by name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in registry.collect()
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


@pytest.fixture
def growth(counting: None) -> Growth:
    before = samples()

    def grown(name: str, **labels: str) -> float:
        key = f"expense_tracker_{name}", frozenset(labels.items())
        return samples().get(key, 0) - before.get(key, 0)

    return grown


def test_without_a_token_the_path_is_as_unknown_as_any(api: APIClient) -> None:
    for method in ("get", "head", "post", "options"):
        response, other = (
            getattr(api, method)(path, headers={"Authorization": "Bearer "}) for path in ("/metrics", "/nothing")
        )

        assert response.status_code == other.status_code == 404
        assert response.content == other.content
        assert response.headers.keys() == other.headers.keys()


def test_without_a_token_nothing_is_counted(alice: APIClient, tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    before = samples()

    alice.post("/api/expenses", LUNCH, headers={"Idempotency-Key": "one"})
    alice.post("/api/expenses", LUNCH, headers={"Idempotency-Key": "one"})
    alice.post("/api/login", {"username": "alice", "password": "wrong"})
    settings.USER_REQUESTS_PER_MINUTE = 1
    assert alice.get("/api/expenses").status_code == 429
    call_command("prune")

    assert samples() == before
    assert list(tmp_path.iterdir()) == []
    assert not isinstance(asgi.computed, MeasuredBridge)


@pytest.mark.parametrize(
    ("request_line", "labels"),
    [
        ("GET /api/expenses?search=secret", ("GET", "/api/expenses", "200")),
        ("GET /api/expenses/4711", ("GET", "/api/expenses/<id:pk>", "404")),
        ("PUT /api/login", ("PUT", "/api/login", "405")),
        ("GET /", ("GET", "/", "200")),
        ("GET /nothing/secret", ("GET", "unknown", "404")),
        ("SECRET /nothing/secret", ("other", "unknown", "404")),
        ("SECRET /api/expenses", ("other", "/api/expenses", "405")),
        ("GET /admin/login/", ("GET", "/admin/login/", "200")),
    ],
)
def test_a_request_is_counted_by_method_route_and_status(
    alice: APIClient, growth: Growth, request_line: str, labels: tuple[str, str, str]
) -> None:
    method, route, status = labels

    sent_method, path = request_line.split()
    alice.generic(sent_method, path)

    assert growth("http_requests_total", method=method, route=route, status=status) == 1
    assert growth("http_request_duration_seconds_count", method=method, route=route) == 1
    assert 0 < growth("http_request_duration_seconds_sum", method=method, route=route) < 10


def test_what_clients_send_makes_no_series(alice: APIClient, counting: None, unlimited: None) -> None:
    """Every route has few statuses; nothing else that is sent is in a label."""

    def ask() -> None:
        text = secrets.token_hex(8)
        for route in ROUTES:
            path = path_of(route)
            for argument in ARGUMENTS.values():
                path = path.replace(argument, str(secrets.randbelow(10**9)) if argument == "1" else argument)
            alice.generic(text.upper(), f"{path}?{text}={text}", HTTP_USER_AGENT=text, HTTP_HOST="testserver")
        alice.get(f"/{text}/{text}")
        alice.post("/api/login", {"username": text, "password": text})
        alice.post("/api/expenses", LUNCH | {"category": text}, headers={"Idempotency-Key": text})
        alice.get("/", headers={"Host": text})

    ask()
    series = samples().keys()
    for _ in range(3):
        ask()

    assert samples().keys() == series
    values: dict[str, set[str]] = {}
    for _, labels in series:
        for name, value in labels:
            values.setdefault(name, set()).add(value)
    assert values["method"] <= METHODS | {"other"}
    assert {route for route in values["route"] if "admin" not in route} <= {f"/{route}" for route in ROUTES} | {
        "unknown"
    }
    assert {len(status) for status in values["status"] if status.isdecimal()} == {3}
    assert values.keys() <= {"method", "route", "status", "limit", "code", "le"}


def test_a_wrong_password_is_a_failed_login(alice: APIClient, growth: Growth) -> None:
    alice.post("/api/login", {"username": "alice", "password": "wrong"})
    alice.post("/api/login", {"username": "nobody", "password": "wrong"})
    alice.post("/api/me/password", {"current_password": "wrong", "new_password": f"{PASSWORD}!"})
    alice.post("/api/login", {"username": "alice", "password": PASSWORD})

    assert growth("failed_logins_total") == 3


@pytest.mark.parametrize(
    ("setting", "limit"),
    [
        ("LOGINS_PER_NAME_AND_ADDRESS", "attempts"),
        ("LOGINS_PER_ADDRESS", "attempts"),
        ("REGISTRATIONS_PER_ADDRESS", "attempts"),
        ("USER_REQUESTS_PER_MINUTE", "requests"),
    ],
)
def test_a_refusal_is_counted_by_its_limit(
    alice: APIClient, growth: Growth, settings: Any, setting: str, limit: str
) -> None:
    setattr(settings, setting, 1)
    for _ in range(4):
        alice.post("/api/login", {"username": "alice", "password": "wrong"})
        alice.post("/api/register", {"username": "alice", "password": PASSWORD})
        alice.get("/api/expenses")

    # The first of each kind is not refused.
    assert growth("limits_hit_total", limit=limit) == 3


def test_an_attempt_in_the_admin_is_counted_too(client: Any, db: None, growth: Growth, settings: Any) -> None:
    settings.LOGINS_PER_ADDRESS = 1
    for _ in range(3):
        response = client.post("/admin/login/", {"username": "sarah", "password": "wrong"})

    assert response.status_code == 429
    assert growth("limits_hit_total", limit="attempts") == 2
    assert growth("failed_logins_total") == 1


def test_a_password_that_is_not_hashed_for_want_of_a_slot_met_a_limit(
    alice: APIClient, growth: Growth, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["accounts.hashers.BoundedArgon2PasswordHasher"]
    with patch("accounts.hashers.hashing_slots", Semaphore(0)), patch("accounts.hashers.WAIT_SECONDS", 0.01):
        assert alice.post("/api/register", {"username": "carol", "password": PASSWORD}).status_code == 503

    assert growth("limits_hit_total", limit="password_hashes") == 1


def test_an_outage_is_no_limit(alice: APIClient, growth: Growth) -> None:
    before = {key: value for key, value in samples().items() if "limits_hit" in key[0]}
    alice.raise_request_exception = False
    with patch("expenses.models.ExpenseQuerySet.owned_by", side_effect=OperationalError("away")):
        assert alice.get("/api/expenses").status_code == 503

    assert {key: value for key, value in samples().items() if "limits_hit" in key[0]} == before
    assert growth("http_requests_total", method="GET", route="/api/expenses", status="503") == 1


def test_a_replay_is_counted(alice: APIClient, growth: Growth) -> None:
    for _ in range(3):
        alice.post("/api/expenses", LUNCH, headers={"Idempotency-Key": "one"})

    assert growth("idempotent_replays_total") == 2


def send(client: APIClient, content: str, query: str = "") -> Any:
    file = SimpleUploadedFile("expenses.csv", content.encode())
    return client.post(f"/api/expenses/import{query}", {"file": file}, format="multipart")


def test_an_import_is_counted_by_what_became_of_its_rows(alice: APIClient, growth: Growth) -> None:
    file = "date,amount,category\n2026-01-21,25.00,Food\n2026-01-22,3.50,Coffee\n"

    assert send(alice, file, "?dry_run=true").status_code == 200
    assert growth("import_rows_total", status="created") == 0
    assert send(alice, file).status_code == 200
    assert send(alice, file + "2026-01-23,1.00,Tea\n").status_code == 200
    assert send(alice, "").json()["code"] == "unreadable_file"
    assert send(alice, file + "soon,1.00,Tea\n").json()["code"] == "invalid_rows"

    assert growth("import_rows_total", status="created") == 3
    assert growth("import_rows_total", status="duplicate") == 2
    assert growth("import_refusals_total", code="unreadable_file") == 1
    assert growth("import_refusals_total", code="invalid_rows") == 1
    assert growth("import_duration_seconds_count") == 5
    assert 0 < growth("import_duration_seconds_sum") < 60


def test_a_live_stream_is_counted_until_it_ends(alice: APIClient, growth: Growth, settings: Any) -> None:
    settings.LIVE_STREAMS_PER_USER = 2
    as_asgi: dict[str, Any] = {STREAMS: True}

    responses = [alice.get("/api/expenses/live", **as_asgi) for _ in range(3)]

    assert [response.status_code for response in responses] == [200, 200, 429]
    assert registry.get_sample_value("expense_tracker_live_streams") == 2
    assert growth("limits_hit_total", limit="streams_of_user") == 1
    responses[0].close()
    assert registry.get_sample_value("expense_tracker_live_streams") == 1
    responses[1].close()
    assert registry.get_sample_value("expense_tracker_live_streams") == 0
    live = {"method": "GET", "route": "/api/expenses/live"}
    assert growth("http_requests_total", **live, status="200") == 2
    assert growth("http_request_duration_seconds_count", **live) == 1  # the refusal


def test_statements_are_measured(alice: APIClient, growth: Growth) -> None:
    with CaptureQueriesContext(connection) as queries:
        alice.get("/api/expenses")

    assert growth("database_statements_total") == len(queries)
    assert 0 < growth("database_statement_seconds_total") < 10


def test_a_call_waits_for_a_thread_and_keeps_it_busy(growth: Growth) -> None:
    seen = []

    async def run() -> None:
        threads, go = MeasuredThreads(1), Event()
        blocked, waiting = threads.submit(go.wait), threads.submit(int)
        await asyncio.sleep(0.1)
        seen.append((len(threads.busy), threads.calls.qsize()))
        go.set()
        await asyncio.gather(blocked, waiting)
        seen.append((len(threads.busy), threads.calls.qsize()))

    asyncio.run(run())

    assert seen == [(1, 1), (0, 0)]
    assert growth("thread_wait_seconds_count") == 2
    assert growth("thread_wait_seconds_sum") >= 0.1


def test_what_is_under_way_is_written_down_now_and_then(counting: None) -> None:
    names = ("threads", "threads_busy", "requests_waiting", "http_requests_in_flight")
    seen, go = [], Event()

    def wait(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        go.wait(5)
        start_response("200 OK", [])
        return []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        await asyncio.sleep(0)

    async def run() -> None:
        bridge = MeasuredBridge(wait, threads=2)
        requests = [asyncio.create_task(bridge(SCOPE, receive, send)) for _ in range(3)]
        for _ in range(2):
            await asyncio.sleep(0.15)
            seen.append([registry.get_sample_value(f"expense_tracker_{name}") for name in names])
            go.set()
        await asyncio.gather(*requests)

    with patch("expense_tracker.monitoring.bridge.SAMPLE_SECONDS", 0.05):
        asyncio.run(run())

    assert seen == [[2, 2, 1, 3], [2, 0, 0, 0]]


def last_prune() -> dict[tuple[str, str], float]:
    """Return what is known of it, by name and kind."""
    return {
        (sample.name.removeprefix("expense_tracker_prune_last_"), sample.labels.get("kind", "")): sample.value
        for family in text_string_to_metric_families(exposition().decode())
        for sample in family.samples
        if sample.name.startswith("expense_tracker_prune_")
    }


def test_the_last_run_of_prune_is_known(alice: APIClient, counting: None) -> None:
    assert last_prune() == {}
    Session.objects.update(expires_at="2026-01-01T00:00Z")
    call_command("prune", "--dry-run")
    assert last_prune() == {}

    call_command("prune")

    first = last_prune()
    assert first["rows", "expired sessions"] == 1
    assert first["rows", "deleted expenses"] == 0
    call_command("prune")
    second = last_prune()
    assert second["rows", "expired sessions"] == 0
    assert second["success_timestamp_seconds", ""] > first["success_timestamp_seconds", ""] > 1.7e9
