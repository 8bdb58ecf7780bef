"""gunicorn, started as the Procfile does, and what its processes use. Reads /proc, so it needs Linux."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kinds import Request

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 10
LOG_TAIL = 3000
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stats(self) -> Iterator[tuple[int, list[str]]]:
        """The id of each of its processes with the fields of /proc/ID/stat from the third on: state, parent, group …
        The server leads a group of its own, so none is missed, not even one that was only just forked."""
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                fields = path.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.process.pid:
                    yield int(path.parent.name), fields

    def cpu_seconds(self) -> float:
        """Of user and system, also of workers that have been replaced: their parent inherits the count."""
        return sum(int(ticks) for _, fields in self.stats() for ticks in fields[11:15]) / TICKS_PER_SECOND

    def worker_megabytes(self) -> float:
        """The resident set of the largest worker."""
        pages = [int(fields[21]) for pid, fields in self.stats() if pid != self.process.pid]
        return max(pages, default=0) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def status(self, request: Request) -> int:
        """Of the answer to one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request(request.method, request.path, request.body or None, request.headers)
            return connection.getresponse().status

    def empty_log(self) -> None:
        """It gets a line for each request, and only the last ones can be of use."""
        os.truncate(self.log, 0)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until_it_answers(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            server.status(Request("GET", "/healthz"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{server.log.read_text()[-LOG_TAIL:]}\nbenchmarks: a server did not start")


def stop(server: Server) -> None:
    server.process.send_signal(signal.SIGINT)  # at once, though cleanly; the master tells the workers
    if not is_gone(server):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        is_gone(server)


def is_gone(server: Server) -> bool:
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        server.process.poll()  # or it would stay there as a zombie
        if not any(True for _ in server.stats()):
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def serve(folder: Path, *arguments: str, database_url: str) -> Iterator[Server]:
    """gunicorn with gunicorn.conf.py, which is all that the Procfile names, and with `arguments` besides. It logs into
    a file in `folder`."""
    port = free_port()
    log = folder / f"gunicorn-{port}.log"
    environment = os.environ | {"DATABASE_URL": database_url}
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *arguments]
    with log.open("ab") as output:
        # In a group of its own: Ctrl-C is ours, and we stop it.
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
        )
    server = Server(process, port, log)
    try:
        wait_until_it_answers(server)
        yield server
    finally:
        stop(server)
