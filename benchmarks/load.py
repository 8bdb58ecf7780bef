"""Load, by wrk: round after round over everything that is compared, so that a drifting machine hits all alike."""

import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path

from benchmarks.kinds import Kind
from benchmarks.servers import LOG_TAIL, Server

SCRIPT = Path(__file__).with_name("requests.lua")
WARM_UP_SECONDS = 1


@dataclass(frozen=True)
class Figures:
    """Of one run, or the medians of several."""

    per_second: float
    p50_milliseconds: float
    p99_milliseconds: float
    cpu_milliseconds: float  # the server's processes', per request
    requests: float
    bad: float  # answers from 400 on, and connections that broke or timed out


@dataclass
class Course:
    """One line of a table: requests of one kind to one server."""

    server: Server
    kind: Kind
    runs: list[Figures] = field(default_factory=list)

    def medians(self) -> Figures:
        return Figures(
            *(statistics.median(getattr(run, column.name) for run in self.runs) for column in fields(Figures))
        )

    @property
    def bad(self) -> int:
        return sum(int(run.bad) for run in self.runs)


def find_wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        sys.stderr.write(
            "benchmarks: the load comes from wrk, which is not installed. Get it with `apt-get install wrk` (Debian,"
            " Ubuntu), `brew install wrk`, or from https://github.com/wg/wrk\n"
        )
        raise SystemExit(2)
    return found


@dataclass(frozen=True)
class Load:
    wrk: str
    folder: Path  # for the files that requests.lua reads
    connections: int

    def run(self, course: Course, *, seconds: int) -> Figures:
        requests = self.folder / f"{course.kind.name}.requests"
        if not requests.exists():
            requests.write_text("".join(f"{request.line()}\n" for request in course.kind.requests))
        course.server.empty_log()
        command = [self.wrk, "-t1", f"-c{self.connections}", f"-d{seconds}s", "-s", str(SCRIPT), course.server.base]
        before = course.server.cpu_seconds()
        # It has come to an end in time, but where the machine hangs.
        run = subprocess.run(
            command, capture_output=True, text=True, env={"REQUESTS": str(requests)}, timeout=seconds + 60, check=False
        )
        cpu_seconds = course.server.cpu_seconds() - before
        result = run.stdout.rpartition("RESULT ")[2].split()
        if run.returncode or len(result) != 6 or result[0] == "0":  # noqa: PLR2004  # what requests.lua prints
            raise SystemExit(
                f"{course.server.log.read_text()[-LOG_TAIL:]}\n{run.stdout}{run.stderr}"
                f"benchmarks: no answer to {course.kind.name}"
            )
        count, microseconds, p50, p99, status_errors, socket_errors = map(int, result)
        return Figures(
            per_second=count / (microseconds / 1e6),
            p50_milliseconds=p50 / 1000,
            p99_milliseconds=p99 / 1000,
            cpu_milliseconds=1000 * cpu_seconds / count,
            requests=count,
            bad=status_errors + socket_errors,
        )

    def check(self, course: Course) -> None:
        """wrk takes a 200 for as good as a 304."""
        status = course.server.status(course.kind.requests[0])
        if status != course.kind.status:
            raise SystemExit(
                f"benchmarks: {course.kind.name} was answered with {status}, not with {course.kind.status}"
            )

    def run_rounds(self, courses: list[Course], *, rounds: int, seconds: int, progress: Callable[[str], None]) -> None:
        """Leaves each course with the figures of its runs."""
        for course in courses:
            self.run(course, seconds=WARM_UP_SECONDS)
            self.check(course)
        for number in range(1, rounds + 1):
            progress(f"round {number} of {rounds}")
            for course in courses:
                course.runs.append(self.run(course, seconds=seconds))
        for course in courses:
            self.check(course)
