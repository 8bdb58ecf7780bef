"""A PostgreSQL of its own with a synchronous replica, which can take its place."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from with_postgres import find_account, start, stop, succeeds

from faults.cluster import Cluster, children, cluster
from faults.server import environment, manage
from faults.service import free_port, wait_until_it_listens

NAME = "expenses"
SECONDS = 20


class Pair:
    def __init__(self, primary: Cluster, port: int) -> None:
        self.primary, self.port = primary, port
        host, primary_port = primary.address
        self.replica_url = f"postgresql://postgres@{host}:{port}/{NAME}"
        self.url = f"postgresql://postgres@{host}:{primary_port},{host}:{port}/{NAME}?target_session_attrs=read-write"

    def wait_until(self, url: str, query: str) -> None:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with suppress(psycopg.OperationalError), self.primary.connect(url) as connection:
                [is_true] = connection.execute(query.encode()).fetchone() or (False,)
                if is_true:
                    return
            time.sleep(0.02)
        raise TimeoutError(query)

    def kill_primary(self) -> None:
        for pid in (self.primary.pid, *children(self.primary.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def make_primary_read_only(self) -> None:
        """Whoever is connected to it stays, and is refused."""
        with self.primary.connect() as connection:
            connection.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            connection.execute("SELECT pg_reload_conf(), pg_sleep(0.5)")
        replayed = "SELECT pg_last_wal_replay_lsn() >= '{}'"
        with self.primary.connect() as connection:
            [position] = connection.execute("SELECT pg_current_wal_lsn()").fetchone() or ("",)
        self.wait_until(self.replica_url, replayed.format(position))

    def promote(self) -> None:
        """Return when it takes writes."""
        with self.primary.connect(self.replica_url) as connection:
            connection.execute("SELECT pg_promote()")
        self.wait_until(self.replica_url, "SELECT NOT pg_is_in_recovery()")

    def count_expenses(self) -> int:
        with self.primary.connect(self.replica_url) as connection:
            [count] = connection.execute("SELECT count(*) FROM expenses_expense").fetchone() or (0,)
        return int(count)


def make_replica(primary: Cluster, port: int, log: Path) -> "subprocess.Popen[bytes]":
    program, data = Path(primary.command[0]), primary.data.parent / "replica"
    host, primary_port = primary.address
    source = f"host={host} port={primary_port} user=postgres application_name=replica"
    copy = [f"{program.parent}/pg_basebackup", f"--pgdata={data}", f"--dbname={source}", "--write-recovery-conf"]
    if not succeeds([*copy, "--checkpoint=fast", "--no-sync"], find_account(), log):
        raise RuntimeError(log.read_text()[-2000:])
    options = [option for option in primary.command[1:] if "port" not in option and str(primary.data) not in option]
    command = [str(program), *(option for option in options if option != "-D"), f"--port={port}", "-D", str(data)]
    return start(command, find_account(), log)


@contextmanager
def pair() -> Iterator[Pair]:
    """Each commit is on both before it is acknowledged."""
    with cluster() as primary:
        url = primary.create_database(NAME)
        manage("migrate", "--verbosity=0", env=environment(url))
        databases = Pair(primary, free_port())
        log = primary.data.parent / "replica.log"
        replica = make_replica(primary, databases.port, log)
        try:
            wait_until_it_listens(databases.port, log)
            with primary.connect() as connection:
                # What is on the command line wins over the configuration file, and a database over both.
                connection.execute(f"ALTER DATABASE {NAME} SET synchronous_commit = on".encode())
                connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'replica'")
                connection.execute("SELECT pg_reload_conf()")
            databases.wait_until("", "SELECT count(*) > 0 FROM pg_stat_replication WHERE sync_state = 'sync'")
            yield databases
        finally:
            stop(replica)
