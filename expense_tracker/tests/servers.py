"""Real servers of the ASGI application, and a client that sends exactly what it is told to."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
import psycopg
from django.conf import settings
from django.db import connection

from expense_tracker.tests.people import PASSWORD

# The first is the Procfile's.
SERVERS = {
    "gunicorn": "gunicorn --bind=127.0.0.1:{port}",
    "uvicorn": "uvicorn expense_tracker.asgi:application --port={port} --no-access-log --no-proxy-headers",
    "granian": "granian expense_tracker.asgi:application --interface=asgi --http=1 --port={port}",
}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes  # all that came until the server closed the connection

    def json(self) -> Any:
        return orjson.loads(self.body)


class Server:
    def __init__(self, name: str, port: int, environment: dict[str, str], process: "subprocess.Popen[bytes]") -> None:
        self.name, self.address = name, ("127.0.0.1", port)
        self.environment, self.process = environment, process
        self.token = ""

    def send(self, request: str, *headers: str, host: str | None = "localhost", body: bytes = b"") -> Answer:
        """Sends exactly this, and reads until the server closes the connection."""
        lines = [f"{request} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), "Connection: close", *headers]
        if self.token and not any(line.startswith("Authorization") for line in headers):
            lines.append(f"Authorization: Bearer {self.token}")
        with closing(socket.create_connection(self.address, timeout=20)) as client:
            client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            return read_answer(client)

    def manage(self, *arguments: str) -> None:
        """Run a command of `manage.py` beside the server."""
        command = [sys.executable, "manage.py", *arguments]
        folder, output = settings.BASE_DIR, subprocess.DEVNULL
        subprocess.run(command, cwd=folder, env=self.environment, stdout=output, check=True, timeout=60)

    def log_in(self, username: str) -> str:
        """Return an access token."""
        token: str = self.post("/api/login", {"username": username, "password": PASSWORD})["access_token"]
        return token

    def post(self, path: str, body: dict[str, Any]) -> Any:
        content = orjson.dumps(body)
        headers = ("Content-Type: application/json", f"Content-Length: {len(content)}")
        return self.send(f"POST {path}", *headers, body=content).json()


def read_answer(client: socket.socket) -> Answer:
    head, _, rest = b"".join(iter(lambda: client.recv(65536), b"")).partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.title(): value for name, _, value in (field.partition(": ") for field in fields)}
    if headers.get("Transfer-Encoding") != "chunked":
        return Answer(int(status.split()[1]), headers, rest)
    body = b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        body, rest = body + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
    return Answer(int(status.split()[1]), headers, body)


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database of the kind that the suite runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    name, url = f"server_{secrets.token_hex(4)}", settings.DATABASE_URL
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def serving(name: str, database_url: str, log: Any = subprocess.DEVNULL, **more: str) -> Iterator[Server]:
    """One of SERVERS, on a free port, with alice logged in and the expense 1 of hers; `more` is of its environment."""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "WEB_CONCURRENCY": "1",
        "HTTPS": "false",
        "DEBUG": "false",
        **more,
    }
    folder = Path(settings.BASE_DIR)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=folder, env=environment, check=True, timeout=60
    )
    with started(name, environment, log) as server:
        server.post("/api/register", {"username": "alice", "password": PASSWORD})
        server.token = server.log_in("alice")
        assert server.post("/api/expenses", {"amount": 1, "category": "Food"})["id"] == 1
        yield server


@contextmanager
def started(name: str, environment: dict[str, str], log: Any = subprocess.DEVNULL) -> Iterator[Server]:
    """One of SERVERS, on a free port, with nothing but this environment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", *SERVERS[name].format(port=port).split()]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log)
    try:
        wait_until_it_listens(port)
        yield Server(name, port, environment, process)
    finally:
        process.terminate()
        process.wait(40)
