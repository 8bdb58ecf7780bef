"""The benchmark: what each kind of request costs, whether that grows with other users' data, and how much memory a
worker takes.

    python scripts/with_postgres.py --tcp python -m benchmarks.run [--quick] [OPTION ...]

It fills the empty database of DATABASE_URL, starts gunicorn on free ports of 127.0.0.1, drives it with wrk and prints
tables; progress goes to stderr. `--help` lists the options. Exit codes: 0, 1 some answers were errors or a server did
not start, 2 something is missing: wrk, Linux, or an empty throw-away database.
"""

import argparse
import contextlib
import logging
import os
import platform
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import django
import psycopg

from benchmarks.kinds import GROWING, Kind, Person, Request, make_kinds, mix
from benchmarks.load import Course, Load, find_wrk
from benchmarks.servers import Server, serve

PEOPLE = 20
UNLIMITED = str(10**9)
MEMORY_SLICE_SECONDS = 2
MEMORY_SECONDS = 300
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# All else is as the settings have it; what a .env file says of these would be another benchmark, or another machine's.
ENVIRONMENT = {
    "DEBUG": "false",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "127.0.0.1",
    "DATABASE_POOLER": "false",
    "REDIS_URL": "",
    "WEB_CONCURRENCY": "2",
    "ACCESS_TOKEN_MINUTES": "1440",
    # Limits are counted as ever, but not reached: twenty people are few.
    "USER_REQUESTS_PER_MINUTE": UNLIMITED,
    "LOGINS_PER_NAME_AND_ADDRESS": UNLIMITED,
    "LOGINS_PER_NAME": UNLIMITED,
    "LOGINS_PER_ADDRESS": UNLIMITED,
}


def fail(message: str) -> NoReturn:
    sys.stderr.write(f"benchmarks: {message}\n")
    raise SystemExit(2)


started = time.monotonic()


def progress(message: str) -> None:
    sys.stderr.write(f"{time.monotonic() - started:6.1f} s  {message}\n")


def leave(signum: int, _frame: FrameType | None) -> NoReturn:
    """Ends the run cleanly; a second Ctrl-C does not disturb the clean-up."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + signum)


def counts(text: str) -> list[int]:
    return sorted(int(part.replace("_", "")) for part in text.split(",") if part)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.run", description="Measure the API under load.")
    parser.add_argument("--quick", action="store_true", help="1 round of 1 second, no growth table, little memory")
    parser.add_argument("--rounds", type=int, help="how often each kind of request is measured (5)")
    parser.add_argument("--seconds", type=int, help="how long each time (3)")
    parser.add_argument("--connections", type=int, default=16, help="how many at once (16)")
    parser.add_argument("--others", type=int, default=100_000, help="expenses of other users (100000)")
    parser.add_argument(
        "--growth",
        type=counts,
        help="numbers of other users' expenses to compare, by default those of GROWTH, else 10000,5000000; '' for none",
    )
    parser.add_argument("--memory", type=int, help="after how many requests a worker's memory is read (100000)")
    options = parser.parse_args()
    defaults = (1, 1, [], 2000) if options.quick else (5, 3, counts(os.environ.get("GROWTH", "10000,5000000")), 100_000)
    for name, default in zip(("rounds", "seconds", "growth", "memory"), defaults, strict=True):
        if getattr(options, name) is None:
            setattr(options, name, default)
    if min(options.rounds, options.seconds, options.connections) < 1:
        parser.error("rounds, seconds and connections are at least 1")
    return options


def prepare() -> str:
    """Django, set up on the database to fill; answers its URL."""
    if not sys.platform.startswith("linux"):
        fail("the servers' processor time is read from /proc, which only Linux has")
    # It is only set where scripts/with_postgres.py has made the database.
    if "POSTGRES_BIN" not in os.environ:
        fail("start it with `make bench`: it fills a throw-away database and no other")
    for name in ("GUNICORN_CMD_ARGS", "PORT"):
        os.environ.pop(name, None)
    os.environ |= ENVIRONMENT | {"SECRET_KEY": secrets.token_urlsafe(50)}
    os.environ["DJANGO_SETTINGS_MODULE"] = "expense_tracker.settings"
    django.setup()
    # What this process asks of the application itself needs no log.
    logging.disable()
    return os.environ["DATABASE_URL"]


def print_machine(url: str) -> None:
    with psycopg.connect(url) as connection:
        version = connection.info.parameter_status("server_version")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {version}\n")


def measure_costs(
    load: Load, options: argparse.Namespace, *, folder: Path, url: str, kinds: list[Kind], readers: list[Person]
) -> list[Course]:
    from benchmarks.statements import count_statements
    from benchmarks.table import print_costs

    statements = {kind.name: count_statements(kind) for kind in kinds}
    answer = Kind("bare server, 10 KB", 200, (Request("GET", "/"),))
    rows = Kind("list's rows, psycopg only", 200, tuple(Request("GET", f"/{person.user_id}") for person in readers))
    with (
        serve(folder, database_url=url) as ours,
        serve(folder, "benchmarks.bare:rows", database_url=url) as plain,
        serve(folder, "benchmarks.bare:answer", database_url=url) as bare,
    ):
        courses = [Course(ours, kind) for kind in kinds] + [Course(plain, rows), Course(bare, answer)]
        progress("costs: warming up")
        load.run_rounds(courses, rounds=options.rounds, seconds=options.seconds, progress=progress)
    print_costs(courses, statements)
    return courses


def measure_growth(
    load: Load, options: argparse.Namespace, *, folder: Path, urls: dict[int, str], kinds: list[Kind]
) -> list[Course]:
    from benchmarks.table import print_growth

    chosen = [kind for name in GROWING for kind in kinds if kind.name == name]
    with contextlib.ExitStack() as stack:
        servers = {others: stack.enter_context(serve(folder, database_url=url)) for others, url in urls.items()}
        by_others = {others: [Course(server, kind) for kind in chosen] for others, server in servers.items()}
        # The sizes of one kind one after the other, so that the seconds that are compared are neighbours.
        courses = [course for same in zip(*by_others.values(), strict=True) for course in same]
        progress("growth: warming up")
        load.run_rounds(courses, rounds=options.rounds, seconds=options.seconds, progress=progress)
    print_growth(by_others)
    return courses


def measure_memory(
    load: Load, options: argparse.Namespace, *, folder: Path, url: str, kinds: list[Kind]
) -> list[Course]:
    from benchmarks.table import print_memory

    # One worker, which is not replaced, gets everything but logins: those would take the time, and no memory for long.
    with serve(folder, "--workers=1", "--max-requests=0", "--max-requests-jitter=0", database_url=url) as server:
        course = Course(server, mix(kinds, but="login"))
        progress(f"memory: {options.memory} requests")
        marks = list(memory_marks(load, course, server, until=options.memory))
    print_memory(marks)
    return [course]


def memory_marks(load: Load, course: Course, server: Server, *, until: int) -> Iterator[tuple[int, float]]:
    """Requests answered and megabytes: at the start, when all code has run, and after each quarter."""
    yield 0, server.worker_megabytes()
    deadline = time.monotonic() + MEMORY_SECONDS
    done, quarter = 0, 0
    while done < until and time.monotonic() < deadline:
        course.runs.append(load.run(course, seconds=MEMORY_SLICE_SECONDS))
        first, done = done == 0, done + int(course.runs[-1].requests)
        if first or 4 * done // until > quarter:
            quarter = 4 * done // until
            yield done, server.worker_megabytes()


def run(options: argparse.Namespace, load: Load, folder: Path) -> int:
    url = prepare()
    from benchmarks import fill
    from benchmarks.statements import etag_of

    if not fill.is_empty(url):
        fail("the database is not empty")
    print_machine(url)
    progress(f"filling: {options.others} expenses of others")
    fill.make_tables()
    readers = [fill.make_person(f"reader-{number}") for number in range(PEOPLE)]
    writers = [fill.make_person(f"writer-{number}") for number in range(PEOPLE)]
    urls = {others: fill.copy_database(url, f"growth_{others}") for others in options.growth}
    fill.add_others(url, options.others)
    kinds = make_kinds(readers, writers, etag_of=etag_of)
    courses = measure_costs(load, options, folder=folder, url=url, kinds=kinds, readers=readers)
    for others, copy in urls.items():
        progress(f"filling: {others} expenses of others")
        fill.add_others(copy, others)
    if urls:
        courses += measure_growth(load, options, folder=folder, urls=urls, kinds=kinds)
    if options.memory:
        courses += measure_memory(load, options, folder=folder, url=url, kinds=kinds)
    progress("done")
    if any(course.bad for course in courses):
        sys.stderr.write("benchmarks: some answers were errors, so these figures count for nothing\n")
        return 1
    return 0


def main() -> int:
    options = read_options()
    for signum in SIGNALS:
        signal.signal(signum, leave)
    wrk = find_wrk()
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as name:
        folder = Path(name)
        return run(options, Load(wrk, folder, options.connections), folder)


if __name__ == "__main__":
    sys.exit(main())
