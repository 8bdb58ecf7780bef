"""Nodes come and go under load, and so does what they depend on; what was written is read back."""

import os
import signal
import time
from collections.abc import Callable

from faults.fleet import Fleet, fleet, missing
from faults.replica import Pair, pair
from faults.report import Fault, Outcome
from faults.stage import Stage
from faults.tally import Tally, traffic

# Before and after what happens.
WRITES = 200
AWAY_SECONDS = 2


def under_traffic(nodes: Fleet, happen: Callable[[], None]) -> Tally:
    users = nodes.users("alice", "bob")
    nodes.users("carol", "dave")
    with traffic(nodes.front, users, ["carol", "dave"]) as running:
        running.wait_for(WRITES)
        happen()
        running.wait_for(WRITES)
    return running.tally()


def outcome_of(stage: Stage, happen: Callable[[Fleet], None], *, answered: bool = False) -> Outcome:
    if missing():
        return Outcome(f"NOT TRIED: there is no {missing()}", None)
    with fleet(stage, stage.database(), pooled=True) as nodes:
        tally = under_traffic(nodes, lambda: happen(nodes))
    return Outcome(str(tally), tally.is_right and not (answered and tally.unanswered))


def rolling_restart(stage: Stage) -> Outcome:
    def restart(nodes: Fleet) -> None:
        for number in range(len(nodes.nodes)):
            nodes.nodes[number].stop()
            nodes.start(number)

    return outcome_of(stage, restart, answered=True)


def node_killed(stage: Stage) -> Outcome:
    def kill(nodes: Fleet) -> None:
        os.killpg(nodes.nodes[0].process.pid, signal.SIGKILL)
        time.sleep(AWAY_SECONDS)
        nodes.start(0)

    return outcome_of(stage, kill)


def pooler_restarted(stage: Stage) -> Outcome:
    def restart(nodes: Fleet) -> None:
        if nodes.pooler:
            nodes.pooler.restart(away=AWAY_SECONDS)

    return outcome_of(stage, restart)


def redis_restarted(stage: Stage) -> Outcome:
    return outcome_of(stage, lambda nodes: nodes.redis.restart(away=AWAY_SECONDS), answered=True)


def with_a_replica(stage: Stage, change: Callable[[Pair], None]) -> Outcome:
    """The nodes know both, and use the one that takes writes."""
    if missing():
        return Outcome(f"NOT TRIED: there is no {missing()}", None)
    with pair() as databases, fleet(stage, databases.url, pooled=False) as nodes:
        tally = under_traffic(nodes, lambda: change(databases))
        count = databases.count_expenses()
    return Outcome(f"{tally}; the replica has {count}", tally.is_right and count >= tally.rows.written)


def promoted(stage: Stage) -> Outcome:
    def fail_over(databases: Pair) -> None:
        databases.kill_primary()
        time.sleep(AWAY_SECONDS)
        databases.promote()

    return with_a_replica(stage, fail_over)


def switched_over(stage: Stage) -> Outcome:
    def switch(databases: Pair) -> None:
        databases.make_primary_read_only()
        databases.promote()

    return with_a_replica(stage, switch)


RIGHT = "0 lost, 0 doubled, no session lost, nobody behind"
FAULTS = (
    Fault("Scale: rolling restart of 3 nodes", f"0 unanswered; {RIGHT}", rolling_restart),
    Fault("Scale: a node killed", RIGHT, node_killed),
    Fault("Scale: PgBouncer restarted", RIGHT, pooler_restarted),
    Fault("Scale: Redis restarted", f"0 unanswered; {RIGHT}", redis_restarted),
    Fault("Scale: primary killed, replica promoted", RIGHT, promoted),
    Fault("Scale: primary read-only, replica promoted", RIGHT, switched_over),
)
