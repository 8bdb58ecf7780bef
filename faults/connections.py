"""Clients that connect and then say nothing more, or say it slowly, or read slowly."""

import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from faults.client import Answer, Client, count_failed, fill, loading, outcomes, slowest
from faults.report import Fault, Outcome
from faults.server import Server
from faults.stage import Stage

CLIENTS = 4
LOAD_SECONDS = 10
P99_SECONDS = 0.5
BYTE_SECONDS = 2.5
EXPORTED_ROWS = 90_000
SETTLE_SECONDS = 15
SMALL_BUFFER = 4096
HALF_A_HEAD = b"GET /api/expenses HTTP/1.1\r\nHost: localhost\r\nX-Half"
HALF_A_BODY = (
    b"POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)


@contextmanager
def opened(server: Server, count: int) -> Iterator[list[socket.socket]]:
    connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(count)]
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


@contextmanager
def sent_half(server: Server, _person: Client, *, parts: tuple[bytes, ...], count: int) -> Iterator[None]:
    """So many clients that have sent one of these each."""
    with opened(server, count) as connections:
        for number, connection in enumerate(connections):
            connection.sendall(parts[number % len(parts)])
        yield


@contextmanager
def in_steps(connections: list[socket.socket], step: Callable[[socket.socket], object]) -> Iterator[None]:
    """One step of each at a time, every BYTE_SECONDS."""
    stopped = threading.Event()

    def run() -> None:
        while not stopped.wait(BYTE_SECONDS):
            for connection in connections:
                step(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


@contextmanager
def sending_slowly(server: Server, _person: Client, *, count: int) -> Iterator[None]:
    with opened(server, count) as connections:
        for number, connection in enumerate(connections):
            connection.sendall((HALF_A_HEAD, HALF_A_BODY)[number % 2])
        with in_steps(connections, lambda connection: connection.send(b"x")):
            yield


@contextmanager
def reading_slowly(server: Server, person: Client, *, count: int) -> Iterator[None]:
    """Clients that read an export of EXPORTED_ROWS, a byte at a time."""
    fill(person, EXPORTED_ROWS)
    request = (
        f"GET /api/expenses/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: {person.headers['Authorization']}"
    )
    connections = []
    try:
        for _ in range(count):
            connection = socket.socket()
            connections.append(connection)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(f"{request}\r\n\r\n".encode())
        with in_steps(connections, lambda connection: connection.recv(1)):
            time.sleep(SETTLE_SECONDS)  # until they hold all the server up that they can
            yield
    finally:
        for connection in connections:
            connection.close()


def read(client: Client, turn: int) -> Answer:
    """Every other one on a new connection."""
    if turn % 2:
        client.close()
    return client.request("GET", "/api/expenses?limit=10")


def held_up(stage: Stage, disturb: Callable[[Server, Client], AbstractContextManager[None]]) -> Outcome:
    with stage.server() as server:
        person, other = server.person("alice"), server.person("bob")
        workers = server.workers()
        with disturb(server, person), loading([other.twin() for _ in range(CLIENTS)], read, pause=0.02) as load:
            time.sleep(LOAD_SECONDS)
        answers = load.all()
        survived = server.workers() == workers
    p99 = statistics.quantiles([answer.seconds for answer in answers], n=100)[98]
    passed = count_failed(answers) == 0 and p99 < P99_SECONDS and survived
    return Outcome(
        f"others: {outcomes(answers)}, p99 {p99:.2f} s, the slowest after {slowest(answers):.2f} s"
        + ("" if survived else "; workers were killed"),
        passed,
    )


EXPECTED = f"others lose nothing, and 99 % wait less than {P99_SECONDS} s"
FAULTS = tuple(
    Fault(what, EXPECTED, partial(held_up, disturb=disturb))
    for what, disturb in (
        ("1,000 idle connections", partial(sent_half, parts=(b"",), count=1000)),
        (
            "200 connections: half a head or half a body",
            partial(sent_half, parts=(HALF_A_HEAD, HALF_A_BODY), count=200),
        ),
        (f"40 connections: a byte each {BYTE_SECONDS} s", partial(sending_slowly, count=40)),
        (f"40 connections: read a byte each {BYTE_SECONDS} s", partial(reading_slowly, count=40)),
    )
)
