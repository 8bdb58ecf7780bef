"""PostgreSQL goes away, ends sessions, or is waited for."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from faults.client import Answer, Client, count_failed, loading, outcomes, slowest, writing
from faults.report import Fault, Outcome
from faults.server import Server, environment, manage
from faults.stage import Stage

# More than there are threads in the server: some requests wait for one that waits for the database.
CLIENTS = 24
AWAY_SECONDS = 3.0
# How long it is given between that PostgreSQL is back and that every request is served again.
BACK_SECONDS = 2.0
REQUESTS_AFTERWARDS = 500
ROUNDS = 5
CONFLICT = 409
EXPENSE = {"amount": 1250, "category": "Food"}
# Of one user: what needs no password hash, of which only so many are made at once.
ORDINARY: tuple[tuple[str, str, object], ...] = (
    ("GET", "/api/expenses?limit=10", None),
    ("POST", "/api/expenses", EXPENSE),
    ("GET", "/api/expenses/summary?group_by=category", None),
    ("GET", "/api/expenses/export", None),
    ("GET", "/api/expenses/changes?since=0", None),
    ("GET", "/readyz", None),
)
CREDENTIALS = {"username": "nobody", "password": "a wrong password"}
OTHERS: tuple[tuple[str, str, object], ...] = (
    ("POST", "/api/login", CREDENTIALS),
    ("POST", "/api/register", {"username": "somebody", "password": "SecurePassword123!"}),
)


def ordinary(client: Client, turn: int) -> Answer:
    return client.request(*ORDINARY[turn % len(ORDINARY)])


def anything(client: Client, turn: int) -> Answer:
    requests = ORDINARY + OTHERS
    return client.request(*requests[turn % len(requests)])


def clients_of(server: Server, count: int = CLIENTS) -> list[Client]:
    person = server.person("alice")
    return [person.twin() for _ in range(count)]


def is_refused_in_time(answers: list[Answer]) -> bool:
    return bool(answers) and all(answer.asks_to_retry and answer.seconds < AWAY_SECONDS for answer in answers)


def away(stage: Stage, go: Callable[[], None], come_back: Callable[[], None]) -> Outcome:
    """Nobody asks for anything at the moment when the database goes away."""
    with stage.server() as server:
        clients = clients_of(server)
        with loading(clients, ordinary) as load:
            load.wait_for(10 * CLIENTS, 10)
        workers = server.workers()
        go()
        with loading(clients, anything) as load:
            time.sleep(2 * AWAY_SECONDS)
        refused = load.all()
        come_back()
        back = time.monotonic()
        with loading(clients, ordinary) as load:
            time.sleep(BACK_SECONDS)
            load.wait_for(len(load.all()) + REQUESTS_AFTERWARDS, 20)
        afterwards = load.all()
        failed = [answer for answer in afterwards if not answer.is_success]
        recovered = max((answer.end for answer in failed), default=back) - back
        passed = (
            is_refused_in_time(refused)
            and all(answer.asks_to_retry for answer in failed)
            and recovered < BACK_SECONDS
            and len(afterwards) > len(failed) + REQUESTS_AFTERWARDS
            and server.workers() == workers
        )
    return Outcome(
        f"{outcomes(refused)}, the slowest after {slowest(refused):.2f} s; "
        f"back: the last refused after {recovered:.2f} s, of all {outcomes(afterwards)}",
        passed,
    )


def stopped(stage: Stage) -> Outcome:
    return away(stage, stage.cluster.stop, stage.cluster.start)


def under_load(stage: Stage, go: Callable[[], None], come_back: Callable[[], None]) -> Outcome:
    with stage.server() as server:
        clients = clients_of(server)
        workers = server.workers()
        with loading(clients, ordinary) as load:
            load.wait_for(10 * CLIENTS, 10)
            go()
            time.sleep(2 * AWAY_SECONDS)
            come_back()
            back = time.monotonic()
            time.sleep(BACK_SECONDS)
            load.wait_for(len(load.all()) + REQUESTS_AFTERWARDS, 20)
        answers = load.all()
        later = [answer for answer in answers if answer.start > back + BACK_SECONDS]
        passed = (
            all(answer.is_success or answer.asks_to_retry for answer in answers)
            and any(answer.asks_to_retry for answer in answers)
            and slowest(answers) < AWAY_SECONDS
            and len(later) > 0
            and count_failed(later) == 0
            and server.workers() == workers
        )
    return Outcome(
        f"{outcomes(answers)}, the slowest after {slowest(answers):.2f} s; from {BACK_SECONDS:.0f} s after it is back: "
        f"{outcomes(later)}",
        passed,
    )


def stopped_under_load(stage: Stage) -> Outcome:
    return under_load(stage, stage.cluster.stop, stage.cluster.start)


def sessions_ended(stage: Stage) -> Outcome:
    ended, answers = 0, []
    with stage.server() as server, stage.cluster.connect(server.database_url) as connection:
        clients = clients_of(server, count=16)
        for _ in range(ROUNDS):
            with loading(clients, ordinary) as load:
                load.wait_for(100, 10)
            answers += load.all()
            rows = connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
            ended += len(rows)
        with loading(clients, ordinary) as load:
            load.wait_for(100, 10)
        answers += load.all()
    failed = count_failed(answers)
    return Outcome(f"{ended} sessions ended, {outcomes(answers)}", failed == 0 and ended >= ROUNDS)


def ledger_locked(stage: Stage) -> Outcome:
    with stage.server() as server, stage.cluster.connect(server.database_url) as connection:
        # Of two users: of one, the second would wait for the first too, and as long again.
        person = server.person("alice")
        writers = [(person.twin(), {}), (server.person("bob"), {"Idempotency-Key": "one"})]
        for client, _ in writers:
            client.request("POST", "/api/expenses", EXPENSE)
        with connection.transaction():
            connection.execute("SELECT * FROM accounts_ledger FOR UPDATE")
            with writing(writers, EXPENSE) as waiting:
                read = person.request("GET", "/api/expenses")
                plain, with_key = (future.result() for future in waiting)
        afterwards = [client.request("POST", "/api/expenses", EXPENSE, headers) for client, headers in writers]
    bounds = (9.5, 11.5)
    passed = (
        plain.asks_to_retry
        and with_key.status == CONFLICT
        and all(bounds[0] < answer.seconds < bounds[1] for answer in (plain, with_key))
        and read.is_success
        and count_failed(afterwards) == 0
    )
    return Outcome(
        f"{plain.status} after {plain.seconds:.1f} s, with a key {with_key.status} after {with_key.seconds:.1f} s, a "
        f"read meanwhile {read.status} in {read.seconds:.2f} s; unlocked: {outcomes(afterwards)}",
        passed,
    )


TIMEOUTS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
SHOW = (
    "from django.db import connection; cursor = connection.cursor(); "
    f"[print(cursor.execute(f'SHOW {{name}}').fetchone()[0]) for name in {TIMEOUTS}]"
)


def time_outs_set(stage: Stage) -> Outcome:
    # PostgreSQL does not tell one session about the settings of another: this one is made as the server makes its own.
    values = manage("shell", "--verbosity=0", f"--command={SHOW}", env=environment(stage.database())).split()
    measured = ", ".join(f"{name} {value}" for name, value in zip(TIMEOUTS, values, strict=True))
    return Outcome(measured, "0" not in values)


def deadlock(stage: Stage) -> Outcome:
    with stage.server() as server, stage.cluster.connect(server.database_url) as connection:
        person = server.person("alice")
        expense = json.loads(person.request("POST", "/api/expenses", EXPENSE).body)
        # Who has waited for so long looks for a deadlock, and is the one to give up: the server, not this session.
        connection.execute("SET deadlock_timeout = '60s'")
        with ThreadPoolExecutor(1) as pool:
            with connection.transaction():
                connection.execute("SELECT * FROM expenses_expense WHERE id = %s FOR UPDATE", [expense["id"]])
                waiting = pool.submit(person.request, "PATCH", f"/api/expenses/{expense['id']}", {"amount": 5})
                time.sleep(0.4)
                connection.execute("SELECT * FROM accounts_ledger WHERE user_id = %s FOR UPDATE", [expense["owner_id"]])
            answer = waiting.result()
        deadlocks = 0
        deadline = time.monotonic() + 5
        while not deadlocks and time.monotonic() < deadline:  # sessions hand in their counts now and then
            time.sleep(0.1)
            query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            [deadlocks] = connection.execute(query).fetchone() or (0,)
    return Outcome(
        f"{deadlocks} deadlock, {answer.status} after {answer.seconds:.1f} s", deadlocks == 1 and answer.is_success
    )


REFUSED = f"503 with Retry-After within {AWAY_SECONDS:.0f} s; back: 200 within {BACK_SECONDS:.0f} s, no more failures"
FAULTS = (
    Fault("PostgreSQL stopped", REFUSED, stopped),
    Fault("PostgreSQL stopped under load", REFUSED, stopped_under_load),
    Fault("All sessions ended between requests", "every request 2xx", sessions_ended),
    Fault(
        "RevisionCounter locked by somebody else",
        "503 after lock_timeout, 10 s; 409 with a key; reads go on",
        ledger_locked,
    ),
    Fault("A statement takes forever", "statement, lock and idle time-outs are set", time_outs_set),
    Fault("Deadlock", "tried once more: 200", deadlock),
)
