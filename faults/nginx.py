"""deploy/nginx.conf in a real nginx, in front of the server with the settings that it asks for."""

import gzip
import http.client
import json
import os
import secrets
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from with_postgres import start, stop

from faults import ROOT
from faults.client import PASSWORD
from faults.debian import find_program
from faults.report import Fault, Outcome
from faults.stage import Stage

HOST = "money.example.org"
LIVE = f"/etc/letsencrypt/live/{HOST}"
SECONDS = 10
ROWS = 30_000
ATTEMPTS = 70
SETTINGS = {
    "HTTPS": "true",
    "ALLOWED_HOSTS": HOST,
    "TRUSTED_PROXY_COUNT": "1",
    "LOGINS_PER_NAME_AND_ADDRESS": "10",
    "LOGINS_PER_NAME": "100",
    "LOGINS_PER_ADDRESS": "60",
}
MAIN = """
{user}
daemon off;
pid {folder}/pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    def json(self) -> Any:
        text = gzip.decompress(self.content) if self.headers["Content-Encoding"] == "gzip" else self.content
        return json.loads(text)


@dataclass(frozen=True)
class Proxy:
    plain: int
    tls: int
    certificate: Path

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, source: str = "127.0.0.1"
    ) -> Answer:
        """Return the answer to a client with that address of this machine; a body that is no bytes is sent as JSON."""
        context = ssl.create_default_context(cafile=self.certificate)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.tls, timeout=60, context=context, source_address=(source, 0)
        )
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection.request(method, path, content, {"Host": HOST, "Content-Type": "application/json"} | (headers or {}))
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def log_in(self, name: str, password: str, headers: dict[str, str] | None = None, **options: str) -> Answer:
        credentials = {"username": name, "password": password}
        return self.request("POST", "/api/login", credentials, headers, **options)

    def person(self, name: str) -> dict[str, str]:
        """Return the headers of a new user who is logged in."""
        self.request("POST", "/api/register", {"username": name, "password": PASSWORD})
        return {"Authorization": f"Bearer {self.log_in(name, PASSWORD).json()['access_token']}"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def make_certificate(openssl: str, folder: Path) -> Path:
    """Return the file of a certificate for 127.0.0.1, whose key is beside it."""
    certificate = folder / "fullchain.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "privkey.pem"), "-out"]
    subprocess.run([*command, str(certificate)], check=True, capture_output=True)
    return certificate


def site(folder: Path, proxy: Proxy, server_port: int) -> str:
    """Return our file with ports and a certificate that are to be had here, and nothing else changed."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for ours, here in (
        ("listen 80;", f"listen 127.0.0.1:{proxy.plain};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl", f"listen 127.0.0.1:{proxy.tls} ssl"),
        ("listen [::]:443 ssl http2;", ""),
        (LIVE, str(folder)),
        ("127.0.0.1:8000", f"127.0.0.1:{server_port}"),
    ):
        if ours not in text:
            raise ValueError(f"deploy/nginx.conf has no {ours}")
        text = text.replace(ours, here)
    return text


@contextmanager
def nginx(stage: Stage, program: str, openssl: str, server_port: int) -> Iterator[Proxy]:
    folder = stage.folder / f"nginx-{secrets.token_hex(4)}"
    folder.mkdir()
    proxy = Proxy(free_port(), free_port(), make_certificate(openssl, folder))
    (folder / "site.conf").write_text(site(folder, proxy, server_port))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    process = start([program, "-e", "stderr", "-c", f"{folder}/nginx.conf"], None, folder / "log")
    try:
        wait_until_it_listens(proxy.tls, folder / "log")
        yield proxy
    finally:
        stop(process)


def wait_until_it_listens(port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(f"nginx did not start: {log.read_text()}")


@contextmanager
def behind_nginx(stage: Stage) -> Iterator[Proxy | None]:
    """The server behind nginx, or None where there is no nginx."""
    program, openssl = find_program("nginx"), find_program("openssl")
    if program is None or openssl is None:
        yield None
        return
    with stage.server(**SETTINGS) as server, nginx(stage, program, openssl, server.port) as proxy:
        yield proxy


NOT_INSTALLED = Outcome("NOT TRIED: there is no nginx. To install it: apt-get install nginx openssl", passed=None)


def everything(proxy: Proxy) -> Iterator[tuple[str, bool]]:
    """Yield what is tried, and whether it was right."""
    plain = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=60)
    plain.request("GET", "/docs?x=1", headers={"Host": HOST})
    moved = plain.getresponse()
    yield "http", (moved.status, moved.headers["Location"]) == (301, f"https://{HOST}/docs?x=1")
    plain.close()
    welcome = proxy.request("GET", "/")
    yield "https", welcome.status == HTTPStatus.OK and "max-age" in welcome.headers["Strict-Transport-Security"]
    alice = proxy.person("alice")
    rows = (f"2026-01-{1 + number % 28:02},{number + 1}.00,Food,Lunch with number {number}" for number in range(ROWS))
    file = "\n".join(("date,amount,category,description", *rows))
    part = f'--x\r\nContent-Disposition: form-data; name="file"; filename="e.csv"\r\n\r\n{file}\r\n--x--\r\n'
    content_type = {"Content-Type": "multipart/form-data; boundary=x"}
    report = proxy.request("POST", "/api/expenses/import", part.encode(), alice | content_type)
    yield f"an import of {len(part) / 1e6:.1f} MB", report.status == HTTPStatus.OK and report.json()["created"] == ROWS
    compressed = alice | {"Accept-Encoding": "gzip"}
    page = proxy.request("GET", "/api/expenses", headers=compressed)
    link = page.headers["Link"] or ""
    yield "gzip", page.headers["Content-Encoding"] == "gzip" and len(page.json()) == 1000  # noqa: PLR2004  # one page
    yield "links", 'rel="next"' in link
    again = proxy.request("GET", "/api/expenses", headers=compressed | {"If-None-Match": page.headers["ETag"]})
    yield "a 304", again.status == HTTPStatus.NOT_MODIFIED
    # More than nginx leaves as it is.
    long = proxy.request("POST", "/api/expenses", {"amount": 1, "category": "Food", "description": "💶" * 255}, alice)
    place = long.headers["Location"]
    tag = proxy.request("GET", place, headers=compressed).headers["ETag"]
    written = proxy.request("PATCH", place, {"amount": 2}, alice | {"If-Match": tag})
    yield f"If-Match: {tag}", (tag[:2], written.status) == ("W/", HTTPStatus.OK)
    too_large = proxy.request("POST", "/api/expenses/import", bytes(12_000_000), alice | content_type)
    yield (
        "12 MB",
        (too_large.status, list(too_large.json())) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, ["detail", "code"]),
    )


def in_front(stage: Stage) -> Outcome:
    with behind_nginx(stage) as proxy:
        if proxy is None:
            return NOT_INSTALLED
        results = list(everything(proxy))
    wrong = [title for title, right in results if not right]
    measured = ", ".join(title for title, _ in results)
    return Outcome(f"{measured}; wrong: {', '.join(wrong) or 'nothing'}", not wrong)


def locked_out(stage: Stage) -> Outcome:
    """One machine tries passwords, with other names and forged addresses; alice comes from another."""
    with behind_nginx(stage) as proxy:
        if proxy is None:
            return NOT_INSTALLED
        proxy.person("alice")
        statuses = [
            proxy.log_in(f"nobody-{number}", "wrong", {"X-Forwarded-For": f"198.51.100.{number}"}).status
            for number in range(ATTEMPTS)
        ]
        owner = proxy.log_in("alice", PASSWORD, source="127.0.0.2").status
    refused = statuses.count(HTTPStatus.TOO_MANY_REQUESTS)
    return Outcome(
        f"{refused} of {ATTEMPTS} wrong log-ins were 429; the right one from elsewhere {owner}",
        refused == ATTEMPTS - int(SETTINGS["LOGINS_PER_ADDRESS"]) and owner == HTTPStatus.OK,
    )


def nobody_behind(stage: Stage) -> Outcome:
    program, openssl = find_program("nginx"), find_program("openssl")
    if program is None or openssl is None:
        return NOT_INSTALLED
    with nginx(stage, program, openssl, free_port()) as proxy:
        answer = proxy.request("GET", "/api/expenses")
    retry_after = answer.headers["Retry-After"]
    return Outcome(
        f"{answer.status} with Retry-After {retry_after}, {answer.headers['Content-Type']}",
        (answer.status, retry_after, list(answer.json())) == (HTTPStatus.SERVICE_UNAVAILABLE, "1", ["detail", "code"]),
    )


FAULTS = (
    Fault("nginx: deploy/nginx.conf", "TLS, an import, gzip, links and tags are right", in_front),
    Fault("nginx: the service is stopped", "503 with Retry-After, in JSON", nobody_behind),
    Fault("nginx: one client tries passwords", "only that client is locked out", locked_out),
)
