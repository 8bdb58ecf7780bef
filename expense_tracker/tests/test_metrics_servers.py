"""GET /metrics of a real server: two workers that count together."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from expense_tracker.tests.servers import Answer, Server, empty_database, serving
from expenses.tests.listener import Listener

pytestmark = [pytest.mark.slow, pytest.mark.one_database]
TOKEN = "0123456789abcdef"
ACCESS = f"Authorization: Bearer {TOKEN}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("metrics")
    counted = folder / "counted"
    counted.mkdir()
    more = {"METRICS_TOKEN": TOKEN, "WEB_CONCURRENCY": "2", "WEB_THREADS": "3", "DATA_DIR": str(folder)}
    with (
        empty_database(folder) as database_url,
        serving("gunicorn", database_url, **more, TMPDIR=str(counted)) as running,
    ):
        yield running
        assert len(list(counted.glob("expense-tracker-metrics-*"))) == 1
    assert list(counted.glob("expense-tracker-metrics-*")) == []


def workers(server: Server) -> list[str]:
    return Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()


def scrape(server: Server) -> dict[str, float]:
    """Return the samples by their names with labels, as they are written."""
    response = server.send("GET /metrics", ACCESS)
    assert response.status == 200
    families = text_string_to_metric_families(response.body.decode())
    return {
        f"{sample.name.removeprefix('expense_tracker_')}{sorted(sample.labels.values()) or ''}": sample.value
        for family in families
        for sample in family.samples
    }


def grown(before: dict[str, float], after: dict[str, float], name: str) -> float:
    return after.get(name, 0) - before.get(name, 0)


def test_prometheus_reads_them(server: Server) -> None:
    response = server.send("GET /metrics", ACCESS)

    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert response.headers["Cache-Control"] == "no-store"
    assert b"# HELP expense_tracker_http_requests_total Requests that were answered.\n" in response.body


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "evil.example"])
def test_the_host_does_not_matter(server: Server, host: str) -> None:
    assert server.send("GET /metrics", ACCESS, host=host).status == 200


@pytest.mark.parametrize(
    "authorization", ["Bearer", "Bearer x", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "é"]
)
def test_another_token_is_a_401(server: Server, authorization: str) -> None:
    check_refusal(server.send("GET /metrics", f"Authorization: {authorization}"))


def test_a_users_token_is_a_401(server: Server) -> None:
    check_refusal(server.send("GET /metrics"))


def check_refusal(response: Answer) -> None:
    assert response.status == 401
    assert response.headers["Www-Authenticate"] == "Bearer"
    detail = "Send `Authorization: Bearer …` with METRICS_TOKEN."
    assert response.json() == {"detail": detail, "code": "not_authenticated"}


def test_nothing_can_be_done_but_to_read_them(server: Server) -> None:
    assert server.send("POST /metrics", ACCESS, "Content-Length: 0").status == 405
    head = server.send("HEAD /metrics", ACCESS)
    assert (head.status, head.body) == (200, b"")


def test_they_are_no_part_of_the_document(server: Server) -> None:
    assert "/metrics" not in server.send("GET /openapi.json").json()["paths"]


def test_both_workers_are_counted_and_no_statement_is_made_for_it(server: Server) -> None:
    before = scrape(server)
    for _ in range(20):
        server.send("GET /api/expenses")
    after = scrape(server)

    assert grown(before, after, "http_requests_total['/api/expenses', '200', 'GET']") == 20
    assert grown(before, after, "thread_wait_seconds_count") == 20
    assert grown(before, after, "database_statements_total") >= 20
    assert after["threads"] == 6
    again = scrape(server)
    assert grown(after, again, "http_requests_total['/metrics', '200', 'GET']") == 1
    assert grown(after, again, "database_statements_total") == 0


def test_a_killed_worker_has_no_streams_and_no_threads_any_more(server: Server) -> None:
    before = scrape(server)
    listeners = [Listener(server) for _ in range(4)]
    assert scrape(server)["live_streams"] == 4
    old = workers(server)

    for pid in old:
        os.kill(int(pid), signal.SIGKILL)

    deadline = time.monotonic() + 20
    while set(workers(server)) & set(old) or len(workers(server)) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    for listener in listeners:
        listener.close()
    name = "http_requests_total['/api/expenses', '200', 'GET']"
    while (after := scrape(server))["threads"] != 6:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert after["live_streams"] == 0
    assert after[name] == before[name]
    assert after["threads_busy"] == 0


def test_prune_tells_the_server(server: Server) -> None:
    before = time.time()

    server.manage("prune")

    after = scrape(server)
    assert before <= after["prune_last_success_timestamp_seconds"] <= time.time()
    assert after["prune_last_rows['expired sessions']"] == 0
