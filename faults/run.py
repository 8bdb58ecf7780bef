"""Run all faults, or those whose titles contain one of the words given, and print a table.

    python -m faults.run [WORD ...]

Exits with 1 where the service did not bear one of them, and with 2 where there is no PostgreSQL."""

import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

from faults import balancer, connections, database, frozen, nginx, pooler, processes, refusals, scale, silent, sqlite
from faults.cluster import cluster
from faults.report import HEADINGS, Fault, Outcome, row, rule
from faults.stage import Stage

FAULTS = (
    *database.FAULTS,
    *frozen.FAULTS,
    *silent.FAULTS,
    *refusals.FAULTS,
    *sqlite.FAULTS,
    *processes.FAULTS,
    *connections.FAULTS,
    *balancer.FAULTS,
    *nginx.FAULTS,
    *pooler.FAULTS,
    *scale.FAULTS,
)


def give_up(signum: int, _frame: FrameType | None) -> None:
    """So that whatever was started is stopped on the way out."""
    raise SystemExit(128 + signum)


def outcome_of(fault: Fault, stage: Stage) -> Outcome:
    try:
        return fault.inject(stage)
    except Exception as error:  # the others are to be tried all the same
        traceback.print_exc()
        return Outcome(f"{type(error).__name__}: {error}", passed=False)


def main() -> int:
    for signum in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, give_up)
    words = sys.argv[1:]
    faults = [fault for fault in FAULTS if not words or any(word.lower() in fault.title.lower() for word in words)]
    start = time.monotonic()
    print(row(HEADINGS), rule(), sep="\n", flush=True)
    results = []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, cluster() as postgres:
        stage = Stage(Path(folder), postgres)
        for fault in faults:
            outcome = outcome_of(fault, stage)
            print(row((fault.title, fault.expected, outcome.measured, outcome.word)), flush=True)
            results.append(outcome.passed)
    print(rule())
    counts = f"{results.count(True)} passed, {results.count(False)} failed, {results.count(None)} skipped"
    print(f"{counts}, in {time.monotonic() - start:.0f} s")
    return 1 if False in results else 0


if __name__ == "__main__":
    sys.exit(main())
