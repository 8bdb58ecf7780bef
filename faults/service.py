"""A program beside the server that is stopped and started again."""

import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from with_postgres import find_account, start, stop

SECONDS = 10


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until_it_listens(port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError(f"It did not start: {log.read_text()}")


class Service:
    """Runs as PostgreSQL does: not as root."""

    def __init__(self, command: list[str], port: int, log: Path) -> None:
        self.command, self.port, self.log = command, port, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it takes connections."""
        self.process = start(self.command, find_account(), self.log)
        wait_until_it_listens(self.port, self.log)

    def stop(self) -> None:
        if self.process:
            stop(self.process)

    def restart(self, *, away: float) -> None:
        """End it as an init system does, and start it again so many seconds later."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(SECONDS)
        time.sleep(away)
        self.start()
