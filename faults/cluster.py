"""A throw-away PostgreSQL that can be stopped and started."""

import os
import shlex
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit, urlunsplit

import psycopg
from with_postgres import Signals, fail, find_account, find_bin, postgres, start, stop

SECONDS = 30


def is_alive(pid: int) -> bool:
    """Whether the process runs: one that has ended and waits to be reaped does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(status.parent.name))
    return found


class Cluster:
    def __init__(self, url: str) -> None:
        self.url = url
        self.restarted: Popen[bytes] | None = None
        with self.connect() as connection:
            [self.data] = map(Path, connection.execute("SHOW data_directory").fetchone() or ())
        # With which the server was started, and will be again.
        self.command = shlex.split((self.data / "postmaster.opts").read_text())

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or 0

    def connect(self, url: str = "") -> psycopg.Connection:
        return psycopg.connect(url or self.url, autocommit=True, connect_timeout=5)

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """The URL of a new database."""
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It is there, with all its sessions, and answers nothing."""
        pids = [self.pid, *children(self.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        """As an operator does: sessions are ended, and new ones refused."""
        pid = self.pid
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + SECONDS
        while is_alive(pid):
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL did not stop.")
            time.sleep(0.01)

    def start(self) -> None:
        """Returns when it takes connections."""
        if self.restarted:
            self.restarted.wait()
        self.restarted = start(self.command, find_account(), self.data.parent / "log")
        deadline = time.monotonic() + SECONDS
        while True:
            with suppress(psycopg.OperationalError), self.connect():
                return
            if time.monotonic() > deadline:
                raise TimeoutError("PostgreSQL did not start.")
            time.sleep(0.02)


@contextmanager
def cluster() -> Iterator[Cluster]:
    bin_dir = find_bin()
    if bin_dir is None:
        fail(2, "found no PostgreSQL; to install one: pip install -r requirements-dev.txt")
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)}
    handlers[signal.SIGHUP] = signal.getsignal(signal.SIGHUP)
    signals = Signals()  # would only take note of them, where we want to stop
    for number, handler in handlers.items():
        signal.signal(number, handler)
    with postgres(bin_dir, signals, tcp=True) as variables:
        running = Cluster(variables["DATABASE_URL"])
        try:
            yield running
        finally:
            if running.restarted:
                stop(running.restarted)
