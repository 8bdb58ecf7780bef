"""gunicorn's workers are killed, asked to finish, or replaced."""

import http.client
import json
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from faults.client import EXPENSE, Answer, Client, fill, loading, outcomes, slowest, writing
from faults.cluster import is_alive
from faults.report import Fault, Outcome
from faults.stage import Stage

CLIENTS = 8
# A worker looks once in a second whether it is to end.
REFUSED_SECONDS = 2.0
INTERRUPT_SECONDS = 4.0
ESTABLISHED = "01"  # in /proc/net/tcp
RECYCLED_REQUESTS = 6000
MAX_REQUESTS = 300
ROWS = 20_000


def work(client: Client, turn: int) -> Answer:
    if turn % 4 == 0:
        return client.request("POST", "/api/expenses", EXPENSE)
    return client.request("GET", "/api/expenses?limit=10")


def connections_of(worker: int, port: int) -> int:
    """How many clients are connected to the worker."""
    ours = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, *rest = line.split()
        if state == ESTABLISHED and local.endswith(f":{port:04X}"):
            ours.add(f"socket:[{rest[5]}]")
    count = 0
    for descriptor in Path(f"/proc/{worker}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            count += str(descriptor.readlink()) in ours
    return count


def worker_killed(stage: Stage) -> Outcome:
    with stage.server() as server:
        person = server.person("alice")
        workers = server.workers()
        with loading([person.twin() for _ in range(CLIENTS)], work) as load:
            load.wait_for(400, 10)
            victim = max(workers, key=lambda worker: connections_of(worker, server.port))
            held = connections_of(victim, server.port)
            killed = time.monotonic()
            os.kill(victim, signal.SIGKILL)
            load.wait_for(len(load.all()) + 2000, 10)
        answers = load.all()
        successors = server.workers()
    failed = [answer for answer in answers if not answer.is_success]
    until = max((answer.end for answer in failed), default=killed) - killed
    passed = (
        len(failed) <= held
        and all(answer.status == 0 for answer in failed)
        and until < 1
        and len(successors) == len(workers)
        and victim not in successors
    )
    return Outcome(
        f"{outcomes(answers)}; {len(failed)} lost of the {held} connections it held, the last {until:.2f} s after the "
        f"kill; {len(successors)} workers",
        passed,
    )


def terminated(stage: Stage) -> Outcome:
    with stage.server() as server, stage.cluster.connect(server.database_url) as connection:
        writer, reader = server.person("alice"), server.person("bob")
        fill(reader, ROWS)
        reader.close()
        with ThreadPoolExecutor(2) as pool:
            with connection.transaction():
                connection.execute("SELECT * FROM accounts_ledger FOR UPDATE")
                writing = pool.submit(writer.request, "POST", "/api/expenses", EXPENSE)
                reading = pool.submit(read_slowly, reader)
                time.sleep(0.5)
                server.process.send_signal(signal.SIGTERM)
                refused = seconds_until_refused(server.port)
                time.sleep(max(0, 1.5 - refused))
            written, rows = writing.result(), reading.result()
        start = time.monotonic()
        code = server.process.wait(40)
        seconds = time.monotonic() - start
    passed = (
        written.is_success
        and rows == ROWS
        and code == 0
        and seconds < 5  # noqa: PLR2004  # well below 30
        and refused < REFUSED_SECONDS
    )
    return Outcome(
        f"new connections refused after {refused:.1f} s; a write that waited 1.5 s more: {written.status}; an export "
        f"read meanwhile: {rows} of {ROWS} rows; ended "
        f"with {code} {seconds:.1f} s after the last answer",
        passed,
    )


def seconds_until_refused(port: int) -> float:
    start = time.monotonic()
    with suppress(ConnectionRefusedError):
        while time.monotonic() < start + REFUSED_SECONDS:
            socket.create_connection(("127.0.0.1", port)).close()
            time.sleep(0.02)
    return time.monotonic() - start


def interrupted(stage: Stage) -> Outcome:
    """As Ctrl-C does it: all processes are told at once."""
    with stage.server() as server, stage.cluster.connect(server.database_url) as connection:
        person = server.person("alice")
        with connection.transaction():
            connection.execute("SELECT * FROM accounts_ledger FOR UPDATE")
            with (
                writing([(person.twin(), {}) for _ in range(CLIENTS)], EXPENSE),
                loading([person.twin() for _ in range(CLIENTS)], lambda client, _: client.request("GET", "/api/me")),
            ):
                start = time.monotonic()
                os.killpg(server.process.pid, signal.SIGINT)
                code = server.process.wait(40)
                seconds = time.monotonic() - start
                left = [pid for pid in server.workers() if is_alive(pid)]
                person.close()
                connection.execute("SELECT 1")
    return Outcome(f"ended with {code} after {seconds:.1f} s", code == 0 and seconds < INTERRUPT_SECONDS and not left)


def read_slowly(client: Client) -> int:
    """How many rows of the export come, to a client that takes about three seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    connection.request("GET", "/api/expenses/export?format=json", headers=client.headers)
    response = connection.getresponse()
    content = b""
    while chunk := response.read(40_000):
        content += chunk
        time.sleep(0.03)
    connection.close()
    return len(json.loads(content))


def recycled(stage: Stage) -> Outcome:
    """Gunicorn closes a connection whose answer it is sending at that moment without a word, so that the next request
    on it may be lost: a client or a proxy sends it once more."""
    with stage.server(f"--max-requests={MAX_REQUESTS}", "--max-requests-jitter=50") as server:
        person = server.person("alice")
        with (
            loading([person.twin() for _ in range(CLIENTS)], work) as busy,
            loading([person.twin() for _ in range(CLIENTS)], work, pause=0.7) as slow,
        ):
            busy.wait_for(RECYCLED_REQUESTS, 60)
        answers = busy.all() + slow.all()
        replaced = server.log.read_text().count("Worker exiting")
    failed = [answer for answer in answers if not answer.is_success]
    return Outcome(
        f"{replaced} workers replaced, {outcomes(answers)}, the slowest after {slowest(answers):.2f} s",
        len(failed) < replaced and all(answer.status == 0 for answer in failed) and replaced > 5,  # noqa: PLR2004  # some
    )


FAULTS = (
    Fault("A worker killed under load", "one request lost at most for each of its connections", worker_killed),
    Fault(
        "SIGTERM",
        "new connections are refused at once; a write and an export under way are answered in full; exit code 0",
        terminated,
    ),
    Fault("Ctrl-C under load, with writes that wait", f"ends within {INTERRUPT_SECONDS:.0f} s", interrupted),
    Fault("Workers replaced under load", "fewer requests lost than workers are replaced", recycled),
)
