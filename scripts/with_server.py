"""Run a command against the server that `make run` starts, on a free port.

    python scripts/with_server.py COMMAND [ARG ...]

The command finds the server's URL in BASE. When it ends, the server gets what Ctrl-C would send it, and must then
leave no process behind. Exits with the command's code, or with 1 where the server did not start or did not stop.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS = 300  # the first start installs the requirements
STOP_SECONDS = 40


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(server: subprocess.Popen[bytes], base: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(base, timeout=5).close()  # noqa: S310  # nosec B310  # the URL is ours
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    raise SystemExit("with_server: the server did not start")


def group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def stop(server: subprocess.Popen[bytes]) -> None:
    # As a terminal does: to the whole group.
    os.killpg(server.pid, signal.SIGINT)
    server.wait(STOP_SECONDS)
    deadline = time.monotonic() + STOP_SECONDS
    while group_is_alive(server.pid):
        if time.monotonic() > deadline:
            os.killpg(server.pid, signal.SIGKILL)
            raise SystemExit("with_server: processes were left running")
        time.sleep(0.1)


def main() -> int:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PORT": str(port), "BASE": base}
    folder = Path(__file__).resolve().parent.parent
    server = subprocess.Popen(["make", "run"], cwd=folder, env=environment, process_group=0)  # noqa: S607  # make of the PATH
    try:
        wait_until_it_answers(server, base)
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        stop(server)


if __name__ == "__main__":
    sys.exit(main())
