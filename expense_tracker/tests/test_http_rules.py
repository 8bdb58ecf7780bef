"""What a request must keep to, whatever it is about. Where the test client tidies up, a real gunicorn is asked."""

import os
import re
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import RevisionCounter
from conftest import PASSWORD
from expense_tracker.tests.test_every_endpoint import PUBLIC, ROUTES, path_of
from expense_tracker.tests.test_openapi import DOCUMENT

PROBLEM = "application/problem+json"
# Those of RFC 9110 and RFC 5789, one to come, one of a teapot (RFC 2324) and one of nobody.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "QUERY", "BREW", "MADE-UP")
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
TYPES = (
    "application/json",
    FORM,
    MULTIPART,
    "text/plain",
    "application/xml",
    "application/octet-stream",
    "application/problem+json",
    "json",
    "/",
    "\xff",
    "",
)


def documented(route: str) -> str:
    """The path of a route as the OpenAPI document writes it."""
    return "/" + re.sub("<[^>]*>", "{id}", route)


def methods_of(route: str) -> set[str]:
    """What the OpenAPI document says that there is; pages and health, which it leaves out, are read."""
    methods = {method.upper() for method in DOCUMENT["paths"].get(documented(route), {"get": {}})}
    return methods | {"OPTIONS"} | ({"HEAD"} & {"HEAD" if method == "GET" else "" for method in methods})


WITH_BODY = [
    pytest.param(method.upper(), path, set(operation["requestBody"]["content"]), id=f"{method.upper()} {path}")
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if "requestBody" in operation
]
READABLE = [path_of(route) for route in ROUTES if "GET" in methods_of(route)]


def as_parameters(count: int) -> str:
    return "&".join(f"p{number}=1" for number in range(count))


def as_multipart(count: int) -> str:
    part = '--x\r\nContent-Disposition: form-data; name="p{}"\r\n\r\n1\r\n'
    return "".join(part.format(number) for number in range(count)) + "--x--\r\n"


@pytest.mark.parametrize("route", ROUTES)
def test_a_method_that_a_route_does_not_have_is_a_405(alice: APIClient, route: str) -> None:
    allowed = methods_of(route)

    for method in set(METHODS) - allowed:
        response = alice.generic(method, path_of(route))

        assert response.status_code == 405, method
        assert response["Content-Type"] == PROBLEM
        assert response.json() == {"detail": f'Method "{method}" not allowed.'}
        assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("route", [route for route in ROUTES if route])
def test_a_trailing_slash_names_nothing(alice: APIClient, route: str) -> None:
    for method in (*METHODS, "OPTIONS"):
        response = alice.generic(method, f"{path_of(route)}/")

        assert response.status_code == 404, method
        assert response["Content-Type"] == PROBLEM
        assert response.json() == {"detail": "Not found"}


@pytest.mark.parametrize(("method", "path", "content_types"), WITH_BODY)
def test_a_body_of_another_type_than_the_documented_is_refused(
    alice: APIClient, method: str, path: str, content_types: set[str]
) -> None:
    before = list(RevisionCounter.objects.values())

    for content_type in TYPES:
        if content_type.partition(";")[0] in content_types:
            continue
        response = alice.generic(method, path.replace("{id}", "1"), "username=alice", content_type=content_type)

        assert response.status_code == 415, content_type
        assert response["Content-Type"] == PROBLEM
        assert response.json() == {"detail": f'Unsupported media type "{content_type}" in request.'}
    assert list(RevisionCounter.objects.values()) == before


def test_forms_are_for_login_and_refresh_and_multipart_is_for_the_import() -> None:
    paths = {param.values[1]: param.values[2] for param in WITH_BODY}

    def taking(content_type: str) -> set[object]:
        return {path for path, types in paths.items() if isinstance(types, set) and content_type in types}

    assert taking(FORM) == {"/api/login", "/api/refresh"}
    assert taking("multipart/form-data") == {"/api/expenses/import"}
    assert taking("application/json") == paths.keys() - {"/api/expenses/import"}


@pytest.mark.parametrize(("method", "path", "content_types"), WITH_BODY)
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "gzip, identity", "x", ""])
def test_a_body_with_a_content_encoding_is_a_415(
    alice: APIClient, method: str, path: str, content_types: set[str], encoding: str
) -> None:
    response = alice.generic(
        method,
        path.replace("{id}", "1"),
        '{"amount": 1, "category": "Food"}',
        content_type=min(content_types),
        HTTP_CONTENT_ENCODING=encoding,
    )

    assert response.status_code == 415
    assert response["Content-Type"] == PROBLEM
    assert response.json() == {"detail": "Send the body without a Content-Encoding."}


@pytest.mark.parametrize("encoding", ["identity", "Identity", "IDENTITY"])
def test_a_content_encoding_that_changes_nothing_is_taken(alice: APIClient, encoding: str) -> None:
    response = alice.post("/api/expenses", {"amount": 1, "category": "Food"}, HTTP_CONTENT_ENCODING=encoding)

    assert response.status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("GET", "/api/expenses", None),
        ("GET", "/api/expenses/changes", None),
        ("GET", "/api/expenses/export", None),
        ("GET", "/api/expenses/summary", None),
        ("GET", "/api/categories", None),
        ("GET", "/api/budgets", None),
        ("POST", "/api/expenses/import", None),
        ("POST", "/api/login", FORM),
        ("POST", "/api/refresh", FORM),
        ("POST", "/api/expenses/import", MULTIPART),
    ],
)
def test_more_than_a_thousand_parameters_are_a_400(
    alice: APIClient, method: str, path: str, content_type: str | None
) -> None:
    query = "" if content_type else f"?{as_parameters(1001)}"
    body = {None: "", FORM: as_parameters(1001), MULTIPART: as_multipart(1001)}[content_type]

    response = alice.generic(method, path + query, body, content_type=content_type or MULTIPART)

    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert response.json().keys() == {"detail"}


def test_a_thousand_parameters_are_looked_at(alice: APIClient) -> None:
    response = alice.get(f"/api/expenses?{as_parameters(1000)}")

    assert response.status_code == 400
    assert len(response.json()["errors"]) == 1000


# --- A real server --------------------------------------------------------------------------------------------------


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
    """An empty database of the kind that the suite runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('server')}/db.sqlite3"
        return
    name, url = f"protocol_{secrets.token_hex(4)}", django_settings.DATABASE_URL
    with psycopg.connect(url, autocommit=True) as administrator:
        administrator.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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


def test_what_a_refused_body_holds_is_not_taken_for_another_request(server: Server) -> None:
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
@pytest.mark.parametrize("path", ["/", "/api/expenses", "/docs", "/nothing-here"])
def test_a_bad_or_missing_host_is_a_400(server: Server, path: str, host: str | None) -> None:
    check_problem(server.send(f"GET {path}", host=host), 400, "Bad request")


def test_two_hosts_are_a_400(server: Server) -> None:
    assert server.send("GET /api/expenses", "Host: 127.0.0.1").status == 400


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "BREW"])
def test_the_server_lets_a_made_up_method_through_to_be_told_the_right_ones(server: Server, method: str) -> None:
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


def test_head_of_what_is_not_public_wants_a_token_too(server: Server) -> None:
    for route in sorted(ROUTES.keys() - PUBLIC):
        response = server.send(f"HEAD {path_of(route)}", "Authorization: none")

        assert response.status == 401, route
        assert response.body == b""


def test_a_connection_is_kept_after_an_answer_without_a_body(server: Server) -> None:
    with closing(socket.create_connection(server.address, timeout=20)) as client:
        for _ in range(3):
            client.sendall(b"HEAD /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n")
            response = HTTPResponse(client, method="HEAD")
            response.begin()
            response.read()

            assert response.status == 200
