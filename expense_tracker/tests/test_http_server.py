"""What a request must keep to where the test client tidies up: a real gunicorn is asked."""

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from django.conf import settings as django_settings

from expense_tracker.tests.contract import methods_of
from expense_tracker.tests.databases import new_database
from expense_tracker.tests.people import PASSWORD
from expense_tracker.tests.routes import PUBLIC, ROUTES, path_of

pytestmark = pytest.mark.slow
PROBLEM = "application/problem+json"
READABLE = [path_of(route) for route in ROUTES if "GET" in methods_of(route)]


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes  # all that came until the server closed the connection

    def json(self) -> Any:
        return orjson.loads(self.body)


class Server:
    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.token = ""

    def send(self, request: str, *headers: str, host: str | None = "localhost", body: bytes = b"") -> Answer:
        """Sends exactly this, and reads until the server closes the connection."""
        lines = [f"{request} HTTP/1.1", *([f"Host: {host}"] if host is not None else []), "Connection: close", *headers]
        if self.token and not any(line.startswith("Authorization") for line in headers):
            lines.append(f"Authorization: Bearer {self.token}")
        with closing(socket.create_connection(self.address, timeout=20)) as client:
            client.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            return read_answer(client)

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


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with new_database(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(scope="module")
def server(database_url: str) -> Iterator[Server]:
    """gunicorn as the Procfile runs it, with alice logged in and one expense of hers."""
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "WEB_CONCURRENCY": "1",
        "HTTPS": "false",
        "DEBUG": "false",
    }
    folder = Path(django_settings.BASE_DIR)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=folder, env=environment, check=True, timeout=60
    )
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", f"--bind=fd://{listener.fileno()}"],
            cwd=folder,
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=subprocess.DEVNULL,
        )
        try:
            running = Server(listener.getsockname())
            credentials = {"username": "alice", "password": PASSWORD}
            running.post("/api/register", credentials)
            running.token = running.post("/api/login", credentials)["access_token"]
            assert running.post("/api/expenses", {"amount": 1, "category": "Food"})["id"] == 1
            yield running
        finally:
            process.terminate()
            process.wait(40)


def check_problem(response: Answer, status: int, detail: str) -> None:
    assert response.status == status
    assert response.headers["Content-Type"] == PROBLEM
    assert response.json() == {"detail": detail}
    assert response.headers["X-Request-Id"]


@pytest.mark.parametrize("path", ["/api/login", "/api/expenses", "/api/expenses/import", "/api/logout", "/nothing"])
@pytest.mark.parametrize("coding", ["chunked", "Chunked"])
def test_a_chunked_body_is_a_411(server: Server, path: str, coding: str) -> None:
    headers = (f"Transfer-Encoding: {coding}", "Content-Type: application/json")

    response = server.send(f"POST {path}", *headers, body=b"2\r\n{}\r\n0\r\n\r\n")

    check_problem(response, 411, "Send the body with a Content-Length.")


def test_refused_body_is_not_read_as_another_request(server: Server) -> None:
    inner = b"DELETE /api/expenses/1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + server.token.encode()
    chunk = inner + b"\r\n\r\n"
    head = b"POST /api/expenses HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    with closing(socket.create_connection(server.address, timeout=20)) as client:
        client.sendall(head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(chunk), chunk) + last)
        received = b"".join(iter(lambda: client.recv(65536), b""))

    assert received.startswith(b"HTTP/1.1 411 ")
    assert received.count(b"HTTP/1.1 ") <= 2
    assert server.send("GET /api/expenses/1").status == 200


@pytest.mark.parametrize("host", [None, "", "evil.example", "localhost.evil.example", "localhost:x", "a b", "\xe9"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/api/expenses", "/docs", "/nothing-here"])
def test_a_bad_or_missing_host_is_a_400(server: Server, path: str, host: str | None) -> None:
    check_problem(server.send(f"GET {path}", host=host), 400, "Bad request")


def test_two_hosts_are_a_400(server: Server) -> None:
    assert server.send("GET /api/expenses", "Host: 127.0.0.1").status == 400


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
def test_unknown_method_is_a_405_from_the_application(server: Server, method: str) -> None:
    response = server.send(f"{method} /api/expenses/1", "Cookie: secret=1")

    check_problem(response, 405, f'Method "{method}" not allowed.')
    assert set(response.headers["Allow"].split(", ")) == {"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("path", [*READABLE, "/api/expenses?limit=0", "/api/expenses/999", "/nothing", "/admin/login/"])
def test_head_is_get_without_a_body(server: Server, path: str) -> None:
    path += "?group_by=category" if path.endswith("summary") else ""
    get, head = server.send(f"GET {path}"), server.send(f"HEAD {path}")

    assert head.body == b""
    assert head.status == get.status
    own = {"Date", "Expires", "X-Request-Id", "Set-Cookie", "Transfer-Encoding", "Content-Length"}
    assert {n: v for n, v in head.headers.items() if n not in own} == {
        n: v for n, v in get.headers.items() if n not in own
    }
    # The form of the admin holds a token whose length never changes.
    assert head.headers.get("Content-Length") == get.headers.get("Content-Length")


def test_head_requires_a_token_too(server: Server) -> None:
    for route in sorted(ROUTES.keys() - PUBLIC):
        response = server.send(f"HEAD {path_of(route)}", "Authorization: none")

        assert response.status == 401, route
        assert response.body == b""


def test_connection_is_kept_after_a_response_without_body(server: Server) -> None:
    with closing(socket.create_connection(server.address, timeout=20)) as client:
        for _ in range(3):
            client.sendall(b"HEAD /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
            response = HTTPResponse(client, method="HEAD")
            response.begin()
            response.read()

            assert response.status == 200
