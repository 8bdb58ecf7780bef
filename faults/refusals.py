"""PostgreSQL is there, and takes no writes or no more connections."""

from contextlib import ExitStack, suppress

import psycopg

from faults.client import PASSWORD, Answer, Client, count_failed, loading, outcomes
from faults.database import CLIENTS, EXPENSE, clients_of, ordinary
from faults.report import Fault, Outcome
from faults.stage import Stage

READS = ("/api/expenses", "/api/expenses/summary?group_by=category", "/api/expenses/changes?since=0", "/healthz")
WRITES: tuple[tuple[str, object, dict[str, str]], ...] = (
    ("/api/expenses", EXPENSE, {}),
    ("/api/expenses", EXPENSE, {"Idempotency-Key": "one"}),
    ("/api/login", {"username": "alice", "password": PASSWORD}, {}),
    ("/api/register", {"username": "somebody", "password": PASSWORD}, {}),
)


def read(client: Client) -> list[Answer]:
    return [client.request("GET", path) for path in READS]


def write(client: Client) -> list[Answer]:
    return [client.request("POST", path, body, headers) for path, body, headers in WRITES]


def read_only(stage: Stage) -> Outcome:
    with stage.server() as server, stage.cluster.connect() as administrator:
        administrator.execute("SET default_transaction_read_only = off")
        person = server.person("alice")
        with loading([person.twin() for _ in range(8)], ordinary) as load:
            load.wait_for(100, 10)
        administrator.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        administrator.execute("SELECT pg_reload_conf(), pg_sleep(0.5)")
        try:
            reads, writes = read(person), write(person)
            ready = person.request("GET", "/readyz")
        finally:
            administrator.execute("ALTER SYSTEM RESET default_transaction_read_only")
            administrator.execute("SELECT pg_reload_conf(), pg_sleep(0.5)")
        afterwards = [*read(person), *write(person)]
    passed = count_failed([*reads, *afterwards]) == 0 and all(answer.asks_to_retry for answer in (*writes, ready))
    return Outcome(
        f"reads {outcomes(reads)}, writes {outcomes(writes)}, /readyz {ready.status}; writable: {outcomes(afterwards)}",
        passed,
    )


def no_connections_left(stage: Stage) -> Outcome:
    with stage.server() as server:
        clients = clients_of(server)
        with ExitStack() as held:
            with suppress(psycopg.OperationalError):
                while True:
                    held.enter_context(stage.cluster.connect())
            with loading(clients, ordinary) as load:
                load.wait_for(20 * CLIENTS, 10)
            answers = load.all()
        with loading(clients, ordinary) as load:
            load.wait_for(20 * CLIENTS, 10)
        afterwards = load.all()
    passed = (
        all(answer.is_success or answer.asks_to_retry for answer in answers)
        and any(answer.asks_to_retry for answer in answers)
        and count_failed(afterwards) == 0
    )
    return Outcome(f"{outcomes(answers)}; connections free again: {outcomes(afterwards)}", passed)


FAULTS = (
    Fault("PostgreSQL read-only", "writes and /readyz 503 with Retry-After, reads 200; back: all 2xx", read_only),
    Fault("No connections left", "503 with Retry-After or 2xx; connections free again: all 2xx", no_connections_left),
)
