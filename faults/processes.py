"""gunicorn's workers are killed, asked to finish, or replaced."""

import http.client
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from faults.client import Answer, Client, count_failed, loading, outcomes, slowest
from faults.report import Fault, Outcome
from faults.stage import Stage

CLIENTS = 8
EXPENSE = {"amount": 1250, "category": "Food"}
ESTABLISHED = "01"  # in /proc/net/tcp
RECYCLED_REQUESTS = 6000
MAX_REQUESTS = 300
ROWS = 20_000
BULK = 1000


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


def fill(client: Client) -> None:
    for _ in range(ROWS // BULK):
        answer = client.request("POST", "/api/expenses/bulk", {"create": [EXPENSE] * BULK})
        if not answer.is_success:
            raise RuntimeError(f"bulk answered {answer.status}: {answer.body[:200]!r}")


def terminated(stage: Stage) -> Outcome:
    with stage.server() as server, stage.cluster.connect(server.database_url) as connection:
        writer, reader = server.person("alice"), server.person("bob")
        fill(reader)
        with ThreadPoolExecutor(2) as pool:
            with connection.transaction():
                connection.execute("SELECT * FROM accounts_ledger FOR UPDATE")
                writing = pool.submit(writer.request, "POST", "/api/expenses", EXPENSE)
                reading = pool.submit(read_slowly, reader)
                time.sleep(0.5)
                server.process.send_signal(signal.SIGTERM)
                time.sleep(1.5)
            written, rows = writing.result(), reading.result()
        start = time.monotonic()
        code = server.process.wait(40)
        seconds = time.monotonic() - start
    passed = written.is_success and rows == ROWS and code == 0 and seconds < 5  # noqa: PLR2004  # well below 30
    return Outcome(
        f"a write that waited 1.5 s more: {written.status}; an export read meanwhile: {rows} of {ROWS} rows; ended "
        f"with {code} {seconds:.1f} s after the last answer",
        passed,
    )


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
    with stage.server(f"--max-requests={MAX_REQUESTS}", "--max-requests-jitter=50") as server:
        person = server.person("alice")
        with (
            loading([person.twin() for _ in range(CLIENTS)], work) as busy,
            loading([person.twin() for _ in range(CLIENTS)], work, pause=0.7) as slow,
        ):
            busy.wait_for(RECYCLED_REQUESTS, 60)
        answers = busy.all() + slow.all()
        replaced = server.log.read_text().count("Autorestarting")
    failed = count_failed(answers)
    return Outcome(
        f"{replaced} workers replaced, {outcomes(answers)}, the slowest after {slowest(answers):.2f} s",
        failed == 0 and replaced > 5 and len(answers) >= RECYCLED_REQUESTS,  # noqa: PLR2004  # some
    )


FAULTS = (
    Fault("A worker killed under load", "one request lost at most for each of its connections", worker_killed),
    Fault("SIGTERM", "a write and an export under way are answered in full; exit code 0", terminated),
    Fault("Workers replaced under load", f"no request lost of {RECYCLED_REQUESTS}", recycled),
)
