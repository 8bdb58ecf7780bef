"""PostgreSQL says nothing for longer than anybody waits, or a firewall has forgotten the connections to it."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from faults.client import EXPENSE, Answer, Client, Load, count_failed, loading, outcomes, slowest, writing
from faults.report import Fault, Outcome
from faults.stage import Stage

# More than all threads.
WRITERS, READERS = 45, 48
ALIVE_SECONDS, READY_SECONDS = 0.5, 3.0
# Where all readers ask as fast as they can.
BUSY_SECONDS = 2.0
# A statement is given up after 32 seconds, a connection after 2; whoever waited for a thread meanwhile is told at once.
SILENT_SECONDS = 36.0
# What is sent is acknowledged within 15 seconds (`tcp_user_timeout`), or the connection is closed.
FORGOTTEN_SECONDS = 20.0
ROUNDS = 2


def probe(client: Client, turn: int) -> Answer:
    return client.request("GET", ("/healthz", "/readyz")[turn % 2])


def split(load: Load) -> tuple[list[Answer], list[Answer]]:
    """What /healthz and what /readyz have answered: each is asked by a client that begins with its number."""
    return load.answers[0][::2] + load.answers[1][1::2], load.answers[0][1::2] + load.answers[1][::2]


def silent(stage: Stage) -> Outcome:
    with stage.server() as server:
        person = server.person("alice")
        writers: list[tuple[Client, dict[str, str]]] = [
            (person.twin(), {"Idempotency-Key": str(number)}) for number in range(WRITERS)
        ]
        with (
            stage.cluster.frozen(),
            loading([server.client() for _ in range(2)], probe, pause=0.2) as probes,
            writing(writers, EXPENSE) as waiting,
        ):
            written = [future.result() for future in waiting]
        alive, ready = split(probes)
        time.sleep(2)
        with writing(writers, EXPENSE) as waiting:
            again = [future.result() for future in waiting]
    passed = (
        count_failed(alive) == 0
        and slowest(alive) < ALIVE_SECONDS
        and all(answer.asks_to_retry for answer in ready)
        and slowest(ready) < READY_SECONDS
        and all(answer.asks_to_retry for answer in written)
        and slowest(written) < SILENT_SECONDS
        and count_failed(again) == 0
    )
    return Outcome(
        f"writes: {outcomes(written)}, slowest {slowest(written):.1f} s; /healthz: {outcomes(alive)}, slowest "
        f"{slowest(alive):.2f} s; /readyz: {outcomes(ready)}, slowest {slowest(ready):.2f} s; sent again: "
        f"{outcomes(again)}",
        passed,
    )


@contextmanager
def dropped(iptables: str, port: int, client_ports: list[int]) -> Iterator[None]:
    """What belongs to these connections to the port is thrown away, both ways, without a word."""
    with ExitStack() as stack:
        for client_port in client_ports:
            for source, target in ((port, client_port), (client_port, port)):
                ports = f"--source-port {source} --destination-port {target}"
                rule = f"INPUT --in-interface lo --protocol tcp {ports} --jump DROP".split()
                subprocess.run([iptables, "--wait", "--insert", *rule], check=True, capture_output=True)
                stack.callback(subprocess.run, [iptables, "--wait", "--delete", *rule], check=True)
        yield


def forgotten(stage: Stage) -> Outcome:
    iptables = shutil.which("iptables", path="/usr/sbin:/sbin")
    if not iptables or subprocess.run([iptables, "--list"], capture_output=True, check=False).returncode:
        return Outcome("NOT TRIED: there is no iptables, or no right to use it", None)
    _, port = stage.cluster.address
    with stage.server() as server, stage.cluster.connect(server.database_url) as connection, ExitStack() as stack:
        person = server.person("alice")
        readers = [person.twin() for _ in range(READERS)]
        with (
            loading([server.client() for _ in range(2)], probe, pause=0.2) as probes,
            loading(readers, lambda client, _: client.request("GET", "/api/expenses?limit=10")) as load,
        ):
            load.wait_for(200, 10)
            for _ in range(ROUNDS):
                query = (
                    "SELECT client_port FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                ports = [row[0] for row in connection.execute(query).fetchall()]
                stack.enter_context(dropped(iptables, port, ports))
                time.sleep(FORGOTTEN_SECONDS)
            before = len(load.all())
            load.wait_for(before + 200, 10)
        alive, ready = split(probes)
        answers = load.all()
    passed = (
        count_failed(alive) == 0
        and slowest(alive) < BUSY_SECONDS
        and slowest(ready) < READY_SECONDS
        and all(answer.is_success or answer.asks_to_retry for answer in (*answers, *ready))
        and slowest(answers) < FORGOTTEN_SECONDS
        and count_failed(answers[before:]) == 0
    )
    return Outcome(
        f"{outcomes(answers)}, slowest {slowest(answers):.1f} s; /healthz: {outcomes(alive)}, slowest "
        f"{slowest(alive):.2f} s; /readyz: {outcomes(ready)}, slowest {slowest(ready):.2f} s",
        passed,
    )


FAULTS = (
    Fault(
        f"PostgreSQL silent for longer, {WRITERS} writers",
        f"all 503 within {SILENT_SECONDS:.0f} s; /healthz within {ALIVE_SECONDS} s, /readyz 503 within "
        f"{READY_SECONDS:.0f} s; sent again: all 2xx",
        silent,
    ),
    Fault(
        f"Connections silently dropped, {ROUNDS} times",
        f"2xx or 503 within {FORGOTTEN_SECONDS:.0f} s, /healthz within {BUSY_SECONDS:.0f} s, /readyz within "
        f"{READY_SECONDS:.0f} s",
        forgotten,
    ),
)
