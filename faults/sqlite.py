"""SQLite's file is locked by another process, or cannot be written."""

import ctypes
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from with_postgres import DIE_WITH_PARENT

from faults.client import Answer, Client, count_failed, outcomes, slowest, writing
from faults.report import Fault, Outcome
from faults.server import Server, environment, manage, serving
from faults.stage import Stage

CONFLICT = 409
EXPENSE = {"amount": 1250, "category": "Food"}
READS = ("/api/expenses", "/api/expenses/changes?since=0", "/api/categories", "/readyz")
# As settings.py has it.
LOCK_SECONDS = 20
# From <linux/prctl.h> and <linux/capability.h>.
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE = 1


def obey_file_modes() -> None:
    """Even as root, whom they do not hold otherwise."""
    if DIE_WITH_PARENT:
        DIE_WITH_PARENT()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)


@contextmanager
def sqlite_server(stage: Stage) -> Iterator[Server]:
    folder = stage.folder / "sqlite"
    folder.mkdir()
    try:
        env = environment(f"sqlite:///{folder / 'db.sqlite3'}")
        manage("migrate", "--verbosity=0", env=env)
        with serving(env, stage.folder, before_start=obey_file_modes) as server:
            yield server
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


def read_all(client: Client) -> list[Answer]:
    return [client.request("GET", path) for path in READS]


def locked(stage: Stage) -> Outcome:
    with sqlite_server(stage) as server:
        person = server.person("alice")
        writers = [(person.twin(), {}), (person.twin(), {"Idempotency-Key": "one"})]
        with closing(sqlite3.connect(stage.folder / "sqlite" / "db.sqlite3", isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            with writing(writers, EXPENSE) as waiting:
                reads = [answer for _ in range(10) for answer in read_all(person)]
                plain, with_key = (future.result() for future in waiting)
            connection.execute("ROLLBACK")
        afterwards = [client.request("POST", "/api/expenses", EXPENSE, headers) for client, headers in writers]
    passed = (
        plain.asks_to_retry
        and with_key.status == CONFLICT
        and all(LOCK_SECONDS - 1 < answer.seconds < LOCK_SECONDS + 2 for answer in (plain, with_key))
        and count_failed(reads) == 0
        and slowest(reads) < 1
        and count_failed(afterwards) == 0
    )
    return Outcome(
        f"{plain.status} after {plain.seconds:.1f} s, with a key {with_key.status} after {with_key.seconds:.1f} s, "
        f"reads meanwhile {outcomes(reads)} within {slowest(reads):.2f} s; unlocked: {outcomes(afterwards)}",
        passed,
    )


def read_only(stage: Stage) -> Outcome:
    folder = stage.folder / "sqlite"
    with sqlite_server(stage) as server:
        person = server.person("alice")
        before = person.request("POST", "/api/expenses", EXPENSE)
        modes = {path: path.stat().st_mode for path in folder.iterdir()}
        for path in modes:
            path.chmod(0o444)
        folder.chmod(0o555)
        writes = [person.request("POST", "/api/expenses", EXPENSE) for _ in range(10)]
        reads = [answer for _ in range(10) for answer in read_all(person)]
        folder.chmod(0o700)
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)
        afterwards = [before, person.request("POST", "/api/expenses", EXPENSE)]
    passed = (
        # Modes do not hold those who have opened the files before.
        all(answer.asks_to_retry or answer.is_success for answer in writes)
        and slowest(writes) < 1
        and count_failed(reads) == 0
        and count_failed(afterwards) == 0
    )
    return Outcome(
        f"writes {outcomes(writes)} within {slowest(writes):.2f} s, reads {outcomes(reads)}; before and afterwards: "
        f"{outcomes(afterwards)}",
        passed,
    )


FAULTS = (
    Fault("SQLite locked", f"503 after {LOCK_SECONDS} s, 409 with a key; reads go on", locked),
    Fault("SQLite's files and folder read-only", "writes are done, or 503 with Retry-After; reads go on", read_only),
)
