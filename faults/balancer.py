"""Three instances behind HAProxy, each restarted in turn, under load."""

import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.client import EXPENSE, Answer, Client, count_failed, loading, outcomes, slowest
from faults.report import Fault, Outcome
from faults.server import Server, environment
from faults.service import free_port
from faults.stage import Stage

INSTANCES = 3
CLIENTS = 10
REQUESTS = 4000
# HAProxy asks each instance so often, and takes it for ready at the first good answer.
CHECK_SECONDS = 0.5
CONFIGURATION = """
defaults
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    option redispatch
    # A connection that HAProxy opens at the moment when an instance closes its port is reset. It may try again what can
    # be repeated: reads, and writes with a key.
    retry-on conn-failure empty-response
frontend front
    bind 127.0.0.1:{port}
    http-request disable-l7-retry unless METH_GET or {{ req.hdr(Idempotency-Key) -m found }}
    default_backend instances
backend instances
    balance roundrobin
    option httpchk
    http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost
    default-server check inter {milliseconds} fall 2 rise 1
{servers}
"""


@contextmanager
def haproxy(program: str, folder: Path, ports: list[int]) -> Iterator[int]:
    """The port of a HAProxy in front of them."""
    port, path = free_port(), folder / "haproxy.cfg"
    servers = "\n".join(f"    server instance{number} 127.0.0.1:{each}" for number, each in enumerate(ports))
    path.write_text(CONFIGURATION.format(port=port, milliseconds=int(1000 * CHECK_SECONDS), servers=servers))
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen([program, "-db", "-f", str(path)], stdout=log, stderr=log)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def work(client: Client, turn: int) -> Answer:
    """Every fifth one on a new connection."""
    if turn % 5 == 0:
        client.close()
    if turn % 4 == 0:
        return client.request("POST", "/api/expenses", EXPENSE, {"Idempotency-Key": secrets.token_hex(8)})
    return client.request("GET", "/api/expenses?limit=10")


def rolling_restart(stage: Stage) -> Outcome:
    program = shutil.which("haproxy")
    if not program:
        return Outcome("there is no HAProxy", None)
    env = environment(stage.database(), WEB_CONCURRENCY="1", WEB_THREADS="8")
    ports = [free_port() for _ in range(INSTANCES)]
    seconds = []

    with haproxy(program, stage.folder, ports) as front, instances(env, stage.folder, ports) as running:
        person = running[0].person("alice")
        person.close()
        time.sleep(4 * CHECK_SECONDS)
        with loading([Client(front, person.headers) for _ in range(CLIENTS)], work) as load:
            for number, port in enumerate(ports):
                load.wait_for((number + 1) * REQUESTS // (INSTANCES + 1), 30)
                seconds.append(running[number].stop())
                running[number] = Server(env, stage.folder / f"again{number}.log", port=port)
                running[number].wait_until_it_answers()
                time.sleep(3 * CHECK_SECONDS)
            load.wait_for(REQUESTS, 60)
        answers = load.all()
    failed = count_failed(answers)
    return Outcome(
        f"{outcomes(answers)}, the slowest after {slowest(answers):.2f} s; each instance ended within "
        f"{max(seconds):.1f} s",
        failed == 0 and len(answers) >= REQUESTS,
    )


@contextmanager
def instances(env: dict[str, str], folder: Path, ports: list[int]) -> Iterator[list[Server]]:
    """Those that are in the list at the end are ended, too."""
    running: list[Server] = []
    try:
        for port in ports:
            running.append(Server(env, folder / f"instance-{port}.log", port=port))
            running[-1].wait_until_it_answers()
        yield running
    finally:
        for server in running:
            server.close()


FAULTS = (Fault("Rolling restart behind HAProxy", f"none of {REQUESTS} requests is lost", rolling_restart),)
