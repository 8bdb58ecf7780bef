"""PostgreSQL and all its sessions are frozen, as where its host is: connections stay, and nothing answers."""

import time
from contextlib import ExitStack

from faults.client import EXPENSE, Client, count_failed, outcomes, slowest, writing
from faults.report import Fault, Outcome
from faults.stage import Stage

# More than all threads.
WRITERS = 45
ALIVE_SECONDS = 0.5


def frozen(stage: Stage) -> Outcome:
    with stage.server() as server:
        person = server.person("alice")
        probe = server.client()
        writers: list[tuple[Client, dict[str, str]]] = [(person.twin(), {}) for _ in range(WRITERS)]
        with ExitStack() as stack:
            stack.enter_context(stage.cluster.frozen())
            with writing(writers, EXPENSE) as waiting:
                answers = []
                for _ in range(20):
                    answers.append(probe.request("GET", "/healthz"))
                    time.sleep(0.1)
                stack.close()
            written = [future.result() for future in waiting]
    # Whoever needs a new connection is told to come back.
    passed = (
        count_failed(answers) == 0
        and slowest(answers) < ALIVE_SECONDS
        and all(answer.is_success or answer.asks_to_retry for answer in written)
    )
    return Outcome(
        f"/healthz: {outcomes(answers)}, the slowest after {slowest(answers):.2f} s; going on: {outcomes(written)}",
        passed,
    )


FAULTS = (
    Fault(
        f"PostgreSQL frozen, {WRITERS} writers",
        f"/healthz answers within {ALIVE_SECONDS} s; writes are done, or are 503 with Retry-After",
        frozen,
    ),
)
