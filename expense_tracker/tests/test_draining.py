"""SIGTERM, asked of real servers: they say on /readyz that they are about to end, and serve on for DRAIN_SECONDS."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from expense_tracker.tests.servers import Server, empty_database, read_answer, serving

pytestmark = [pytest.mark.slow, pytest.mark.one_database]
DRAINING = {"detail": "The server is about to end", "code": "draining"}
LUNCH = {"amount": 2500, "category": "Food"}


@contextmanager
def draining(folder: Path, name: str = "gunicorn", *, seconds: int) -> Iterator[Server]:
    workers = 2 if name == "gunicorn" else 1  # the parent of uvicorn's workers hears of no second signal
    log = folder / "log"
    with (
        empty_database(folder) as url,
        log.open("w") as file,
        serving(name, url, file, WEB_CONCURRENCY=str(workers), DRAIN_SECONDS=str(seconds)) as server,
    ):
        deadline = time.monotonic() + 30
        # A worker that is just starting hears of no signal.
        while name == "gunicorn" and log.read_text().count("ASGI server listening") < workers:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield server


def is_refused(server: Server) -> bool:
    try:
        socket.create_connection(server.address, timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def seconds_until_refused(server: Server, *, at_most: float) -> float:
    start = time.monotonic()
    while not is_refused(server) and time.monotonic() < start + at_most:
        time.sleep(0.01)
    return time.monotonic() - start


def workers_of(server: Server) -> list[int]:
    pid = server.process.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def check_that_it_drains(server: Server) -> None:
    time.sleep(0.3)  # until each worker has heard of the signal
    for _ in range(10):
        response = server.send("GET /readyz")
        assert response.status == 503
        assert response.json() == DRAINING
        assert response.headers["Retry-After"] == "1"
        assert server.send("GET /healthz").status == 200
        assert server.send("GET /api/expenses").status == 200
    assert server.post("/api/expenses", LUNCH)["amount"] == LUNCH["amount"]


@pytest.mark.parametrize("name", ["gunicorn", "uvicorn"])
def test_a_server_that_is_told_to_end_says_so_and_serves_on_and_then_refuses_at_once(tmp_path: Path, name: str) -> None:
    with draining(tmp_path, name, seconds=3) as server:
        assert server.send("GET /readyz").status == 200
        start = time.monotonic()
        server.process.terminate()

        check_that_it_drains(server)

        seconds_until_refused(server, at_most=10)
        assert 2.9 < time.monotonic() - start < 3.5
        assert server.process.wait(10) in (0, -signal.SIGTERM)


def test_what_runs_at_the_end_of_the_draining_is_finished(tmp_path: Path) -> None:
    with draining(tmp_path, seconds=2) as server, closing(socket.create_connection(server.address)) as client:
        head = f"POST /api/expenses HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n"
        client.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 32\r\n\r\n".encode())
        server.process.terminate()
        assert seconds_until_refused(server, at_most=10) < 2.5

        client.sendall(b'{"amount":1250,"category":"Out"}')
        response = read_answer(client)

        assert (response.status, response.headers["Connection"]) == (201, "close")
        assert response.json()["category"] == "Out"
        assert server.process.wait(10) == 0


def test_without_a_time_to_drain_new_connections_are_refused_at_once(tmp_path: Path) -> None:
    with draining(tmp_path, seconds=0) as server:
        server.process.terminate()

        assert seconds_until_refused(server, at_most=5) < 0.5
        assert server.process.wait(10) == 0


def test_a_group_of_processes_that_is_told_to_end_drains_as_well(tmp_path: Path) -> None:
    with draining(tmp_path, seconds=2) as server:
        for pid in (*workers_of(server), server.process.pid):
            os.kill(pid, signal.SIGTERM)

        check_that_it_drains(server)

        assert server.process.wait(10) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["gunicorn", "uvicorn"])
def test_a_second_signal_ends_at_once(tmp_path: Path, name: str, number: signal.Signals) -> None:
    with draining(tmp_path, name, seconds=30) as server:
        server.process.terminate()
        time.sleep(1.2)
        assert not is_refused(server)

        start = time.monotonic()
        server.process.send_signal(number)
        server.process.wait(10)

        assert time.monotonic() - start < 3


def test_ctrl_c_drains_nothing(tmp_path: Path) -> None:
    with draining(tmp_path, seconds=30) as server:
        server.process.send_signal(signal.SIGINT)

        assert server.process.wait(5) == 0
