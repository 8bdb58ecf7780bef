"""The server as it runs in production: gunicorn with its configuration file, on a database of its own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from with_postgres import DIE_WITH_PARENT

from faults import ROOT
from faults.client import PASSWORD, Client
from faults.cluster import children, is_alive

START_SECONDS = 30
STOP_SECONDS = 40
# Limits protect from clients; here all of them are one.
UNLIMITED = dict.fromkeys(
    (
        "USER_REQUESTS_PER_MINUTE",
        "LOGINS_PER_NAME_AND_ADDRESS",
        "LOGINS_PER_NAME",
        "LOGINS_PER_ADDRESS",
        "REGISTRATIONS_PER_ADDRESS",
    ),
    "1000000",
)


def environment(database_url: str, **variables: str) -> dict[str, str]:
    ours = {"DATABASE_URL": database_url, "SECRET_KEY": secrets.token_urlsafe(50)}
    return os.environ | UNLIMITED | ours | variables


def manage(*args: str, env: dict[str, str]) -> str:
    """What `manage.py` prints."""
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True, timeout=120).stdout


class Server:
    def __init__(
        self,
        env: dict[str, str],
        log: Path,
        options: Sequence[str] = (),
        before_start: Callable[[], Any] | None = DIE_WITH_PARENT,
        port: int = 0,
    ) -> None:
        with socket.create_server(("127.0.0.1", port)) as probe:
            self.port: int = probe.getsockname()[1]
        self.log, self.database_url = log, env["DATABASE_URL"]
        command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{self.port}", *options]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=env,
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=before_start,  # noqa: PLW1509  # servers are started while no thread runs
            )

    def client(self) -> Client:
        return Client(self.port)

    def person(self, name: str) -> Client:
        """A client that a new user is logged in with."""
        client = self.client()
        for path, status in (("/api/register", 201), ("/api/login", 200)):
            answer = client.request("POST", path, {"username": name, "password": PASSWORD})
            if answer.status != status:
                raise RuntimeError(f"{path} answered {answer.status} {answer.error}{answer.body[:200]!r}")
        client.headers["Authorization"] = f"Bearer {json.loads(answer.body)['access_token']}"
        return client

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            client = self.client()
            answered = client.request("GET", "/healthz").status
            client.close()
            if answered:
                return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not start:\n{self.log.read_text()[-2000:]}")

    def workers(self) -> list[int]:
        return [pid for pid in children(self.process.pid) if is_alive(pid)]

    def stop(self) -> float:
        """Asks it to finish; the seconds that took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)
        return time.monotonic() - start

    def close(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.stop()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(
    env: dict[str, str],
    folder: Path,
    *options: str,
    before_start: Callable[[], Any] | None = DIE_WITH_PARENT,
) -> Iterator[Server]:
    server = Server(env, folder / f"gunicorn-{secrets.token_hex(4)}.log", options, before_start)
    try:
        server.wait_until_it_answers()
        yield server
    finally:
        server.close()
