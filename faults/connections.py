"""Clients that connect and then say nothing more."""

import runpy
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from faults import ROOT
from faults.client import Answer, Client, count_failed, loading, outcomes, slowest
from faults.report import Fault, Outcome
from faults.stage import Stage

HALF_OPEN = 12
CLIENTS = 4
# For what is not waiting: opening connections, and answering those who wait.
MARGIN = 0.5
SILENT = b""
HALF_A_REQUEST_LINE = b"GET /api/exp"
HALF_A_HEADER = b"GET /api/expenses HTTP/1.1\r\nHost: localhost\r\nX-Half"
HALF_A_BODY = (
    b"POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)


def receive_seconds() -> float:
    return float(runpy.run_path(str(ROOT / "gunicorn.conf.py"))["RECEIVE_SECONDS"])


@contextmanager
def half_open(port: int, sent: bytes) -> Iterator[list[socket.socket]]:
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(HALF_OPEN)]
    try:
        for connection in connections:
            connection.sendall(sent)
        yield connections
    finally:
        for connection in connections:
            connection.close()


def read(client: Client, turn: int) -> Answer:
    return client.request("GET", "/api/expenses?limit=10")


def held_up(stage: Stage, sent: bytes) -> Outcome:
    seconds = receive_seconds()
    with stage.server() as server:
        person = server.person("alice")
        workers = server.workers()
        with half_open(server.port, sent):
            time.sleep(0.2)
            # A pause, so that they open new connections too: the server closes those that nobody uses.
            with loading([person.twin() for _ in range(CLIENTS)], read, pause=0.1) as load:
                time.sleep(2 * seconds + 3)
        answers = load.all()
        survived = server.workers() == workers
    passed = count_failed(answers) == 0 and slowest(answers) < seconds + MARGIN and survived
    return Outcome(
        f"others: {outcomes(answers)}, the slowest after {slowest(answers):.1f} s"
        + ("" if survived else "; workers were killed"),
        passed,
    )


EXPECTED = "others wait at most RECEIVE_SECONDS, and lose nothing"
FAULTS = tuple(
    Fault(f"{HALF_OPEN} connections: {what}", EXPECTED, partial(held_up, sent=sent))
    for what, sent in (
        ("silent", SILENT),
        ("half a request line", HALF_A_REQUEST_LINE),
        ("half a header", HALF_A_HEADER),
        ("half a body", HALF_A_BODY),
    )
)
