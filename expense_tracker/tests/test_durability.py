"""Nothing acknowledged is lost: what a server has answered is there after it was killed, and there once."""

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from expense_tracker.tests.databases import new_database

pytestmark = pytest.mark.slow
WRITERS = 6
KILLS = 2
# Answers that there must be before the server is killed. The next ones are under way then.
ANSWERS = 60
SECONDS = 10
CREDENTIALS = {"username": "alice", "password": "SecurePassword123!"}


@dataclass
class Server:
    """The server as it runs in production, with a database of its own."""

    environment: dict[str, str]
    port: int
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the server responses. It leads a process group of its own."""
        command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{self.port}", "--log-level=critical"]
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment, process_group=0)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError):
                self.request("GET", "/")
                return
            time.sleep(0.02)
        raise AssertionError("The server did not start.")

    def kill(self) -> None:
        """Ends the server with all its workers, at once and without a chance to finish anything."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)

    def request(self, method: str, path: str, body: Any = None) -> Any:
        connection = self.connect()
        try:
            return exchange(connection, method, path, body, self.headers)[1]
        finally:
            connection.close()


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: Any, headers: dict[str, str]
) -> tuple[int, Any]:
    """The whole response, or an OSError or HTTPException where the server does not give one."""
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    content = response.read()
    assert response.status < 400, content
    return response.status, json.loads(content)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with new_database(tmp_path) as url:
        environment = os.environ | {
            "DATABASE_URL": url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "USER_REQUESTS_PER_MINUTE": "1000000",
        }
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=settings.BASE_DIR, env=environment, check=True, timeout=60)
        server = Server(environment, port)
        try:
            yield server
        finally:
            server.kill()


@dataclass
class Writer:
    """One device, which writes until the server is gone. Each of its expenses has a description of its own."""

    server: Server
    name: str
    own_path: str
    # Answers of creations, by description; what was asked for with a key and not answered; amounts of the own expense.
    created: dict[str, dict[str, Any]] = field(default_factory=dict)
    unanswered: dict[str, dict[str, Any]] = field(default_factory=dict)
    amount_answered: int = 1
    amount_sent: int = 1
    writes: int = 0

    def write_until_the_end(self) -> None:
        connection = self.server.connect()
        with suppress(OSError, http.client.HTTPException):
            while True:
                self.writes += 1
                self.write(connection)
        connection.close()

    def write(self, connection: http.client.HTTPConnection) -> None:
        key = f"{self.name}-{self.writes}"
        expense = {"amount": self.writes, "category": "Food", "description": key}
        kind = self.writes % 3
        if kind == 0:
            self.amount_sent = self.writes
            changes = {"amount": self.writes}
            exchange(connection, "PATCH", self.own_path, changes, self.server.headers)
            self.amount_answered = self.writes
        elif kind == 1:
            _, self.created[key] = exchange(connection, "POST", "/api/create", expense, self.server.headers)
        else:
            self.unanswered[key] = expense
            self.created[key] = self.create_once(connection, key)
            del self.unanswered[key]

    def create_once(self, connection: http.client.HTTPConnection, key: str) -> dict[str, Any]:
        headers = self.server.headers | {"Idempotency-Key": key}
        status, body = exchange(connection, "POST", "/api/expenses", self.unanswered[key], headers)
        assert status == 201
        response: dict[str, Any] = body
        return response

    def repeat_what_was_not_answered(self) -> None:
        connection = self.server.connect()
        for key in self.unanswered:
            self.created[key] = self.create_once(connection, key)
            assert self.create_once(connection, key) == self.created[key]
        self.unanswered.clear()
        connection.close()


def write_until_killed(server: Server, writers: list[Writer]) -> None:
    threads = [threading.Thread(target=writer.write_until_the_end) for writer in writers]
    enough = sum(writer.writes for writer in writers) + ANSWERS
    deadline = time.monotonic() + SECONDS
    for thread in threads:
        thread.start()
    while sum(writer.writes for writer in writers) < enough and time.monotonic() < deadline:
        time.sleep(0.001)
    server.kill()
    for thread in threads:
        thread.join(SECONDS)
    assert sum(writer.writes for writer in writers) >= enough
    assert not any(thread.is_alive() for thread in threads)


def test_acknowledged_writes_survive_a_killed_server_once(server: Server) -> None:
    server.start()
    server.request("POST", "/api/register", CREDENTIALS)
    token = server.request("POST", "/api/login", CREDENTIALS)["access_token"]
    server.headers["Authorization"] = f"Bearer {token}"
    writers = []
    for number in range(WRITERS):
        own = server.request("POST", "/api/expenses", {"amount": 1, "category": "Own", "description": f"{number}"})
        writers.append(Writer(server, f"writer-{number}", f"/api/expenses/{own['id']}"))

    for _ in range(KILLS):
        write_until_killed(server, writers)
        server.start()
        for writer in writers:
            writer.repeat_what_was_not_answered()

    stored = server.request("GET", "/api/expenses/export?format=json")
    by_id = {expense["id"]: expense for expense in stored}
    answered = {expense["id"]: expense for writer in writers for expense in writer.created.values()}
    assert answered.items() <= by_id.items()
    assert [count for count in Counter(expense["description"] for expense in stored).values() if count > 1] == []
    for writer in writers:
        own = by_id[int(writer.own_path.rpartition("/")[2])]
        assert own["amount"] in {writer.amount_answered, writer.amount_sent}
