"""DATABASE_POOLER=true, behind a real PgBouncer that gives each transaction any of its few sessions."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit, urlunsplit

from with_postgres import find_account, find_bin

from faults import ROOT
from faults.client import Client, count_failed, outcomes, slowest
from faults.debian import find_program
from faults.report import Fault, Outcome
from faults.server import environment, serving
from faults.service import Service, free_port
from faults.stage import Stage

# Its tests hold up to eight transactions open at once, which wait for each other.
SESSIONS_FOR_THE_SUITE = 20
SESSIONS = 5
CLIENTS = 50
WRITES = 10
SECONDS = 10
# Of the suite, each in a process and a database of its own, because it takes minutes.
PARTS = ("expense_tracker", "accounts", "expenses")
SUITE_SECONDS = 400
CONFIGURATION = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 500
pidfile = {folder}/pid
"""


NOT_INSTALLED = Outcome("NOT TRIED: there is no pgbouncer. To install it: apt-get install pgbouncer", passed=None)


def prepare(stage: Stage, program: str, sessions: int) -> Service:
    """A PgBouncer in front of the stage's PostgreSQL, that is not started yet."""
    account = find_account()
    folder = stage.folder / "pgbouncer"
    folder.mkdir()
    stage.folder.chmod(0o711)  # a way for the account, which must not be root here either
    listen_port = free_port()
    host, port = stage.cluster.address
    settings = CONFIGURATION.format(host=host, port=port, listen_port=listen_port, folder=folder, sessions=sessions)
    (folder / "ini").write_text(settings)
    (folder / "users").write_text('"postgres" ""\n')
    if account:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
    return Service([program, f"{folder}/ini"], listen_port, folder / "log")


def through(pooler: Service, database_url: str) -> str:
    """The URL of the database through the pooler."""
    return urlunsplit(urlsplit(database_url)._replace(netloc=f"postgres@127.0.0.1:{pooler.port}"))


@contextmanager
def pgbouncer(stage: Stage, program: str, sessions: int) -> Iterator[Service]:
    pooler = prepare(stage, program, sessions)
    try:
        pooler.start()
        yield pooler
    finally:
        pooler.stop()
        shutil.rmtree(stage.folder / "pgbouncer")


def suite(stage: Stage) -> Outcome:
    program = find_program("pgbouncer")
    if program is None:
        return NOT_INSTALLED
    # Databases are kept at the end: PgBouncer's sessions would not let go of them. They go with the whole cluster.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", "--tb=short"]
    logs = {part: stage.folder / f"{part}.log" for part in PARTS}
    runs = {}
    with pgbouncer(stage, program, SESSIONS_FOR_THE_SUITE) as pooler, ExitStack() as stack:
        for part, log in logs.items():
            database = f"suite_{part}"
            stage.cluster.create_database(database)
            # With the limits that are to be tested.
            env = os.environ | {
                "DATABASE_URL": through(pooler, urlunsplit(urlsplit(stage.cluster.url)._replace(path=f"/{database}"))),
                "DATABASE_POOLER": "true",
                "POSTGRES_BIN": str(find_bin()),
                "SECRET_KEY": secrets.token_urlsafe(50),
            }
            output = stack.enter_context(log.open("wb"))
            runs[part] = subprocess.Popen([*command, part], cwd=ROOT, env=env, stdout=output, stderr=output)
            stack.callback(runs[part].wait)
            stack.callback(runs[part].terminate)
        deadline = time.monotonic() + SUITE_SECONDS
        while any(run.poll() is None for run in runs.values()) and time.monotonic() < deadline:
            time.sleep(0.2)
        codes = {part: run.poll() for part, run in runs.items()}
    for part, code in codes.items():
        if code != 0:
            print(logs[part].read_text()[-10_000:], file=sys.stderr)
    last_lines = (logs[part].read_text().strip().rpartition("\n")[2] for part in PARTS)
    measured = "; ".join(
        f"{part}: {line if codes[part] is not None else f'not done after {SUITE_SECONDS} s'}"
        for part, line in zip(PARTS, last_lines, strict=True)
    )
    return Outcome(measured, set(codes.values()) == {0})


def write_and_read(client: Client, number: int) -> tuple[float, bool, str]:
    """Each client is a user whose amounts nobody else has: what comes back must be these, all, and only these."""
    amounts = [number * 1000 + index for index in range(1, WRITES + 1)]
    answers = [
        client.request("POST", "/api/expenses", {"amount": amount, "category": f"Of {number}"}) for amount in amounts
    ]
    listed = client.request("GET", "/api/expenses")
    exported = client.request("GET", "/api/expenses/export?format=json")
    answers += [listed, exported]
    if count_failed(answers):
        return slowest(answers), False, outcomes(answers)
    rows = json.loads(listed.body)
    right = (
        sorted(row["amount"] for row in rows) == amounts
        and sorted(row["revision"] for row in rows) == list(range(1, WRITES + 1))
        and sorted(row["amount"] for row in json.loads(exported.body)) == amounts
    )
    return slowest(answers), right, outcomes(answers)


def many_clients(stage: Stage) -> Outcome:
    program = find_program("pgbouncer")
    if program is None:
        return NOT_INSTALLED
    database = stage.database()
    with (
        pgbouncer(stage, program, SESSIONS) as pooler,
        serving(
            environment(through(pooler, database), DATABASE_POOLER="true"), stage.folder, "--workers=4", "--threads=16"
        ) as server,
    ):
        people = [server.person(f"person-{number}") for number in range(CLIENTS)]
        # The first of them have been idle meanwhile: the server could close their connections while they send.
        for person in people:
            person.close()
        with ThreadPoolExecutor(CLIENTS) as pool:
            results = list(pool.map(write_and_read, people, range(CLIENTS)))
        with stage.cluster.connect(database) as connection:
            query = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            [sessions] = connection.execute(query).fetchone() or (0,)
    right = sum(result[1] for result in results)
    waited = max(result[0] for result in results)
    wrong = {result[2] for result in results if not result[1]}
    return Outcome(
        f"{right} of {CLIENTS} clients got the right answers through {sessions} sessions, "
        f"the slowest after {waited:.2f} s" + (f"; wrong: {'; '.join(sorted(wrong))}" if wrong else ""),
        right == CLIENTS and 0 < sessions <= SESSIONS,
    )


FAULTS = (
    Fault(
        f"PgBouncer: {CLIENTS} clients on {SESSIONS} sessions", "each reads exactly what it has written", many_clients
    ),
    Fault("PgBouncer: the test suite", "all tests pass through transaction pooling", suite),
)
