"""Where requests are counted: for all processes together, and by each while that fails."""

import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import request_counts
from accounts.request_counts import CannotCount, FileCounts, ProcessCounts, RedisCounts, RequestCounts
from expense_tracker.tests.servers import Server, empty_database, serving, started

MINUTE = 30_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file of counts is."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A Redis server of the test's own: its `url` and its process."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("There is no redis-server.")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.02)
        yield SimpleNamespace(url=f"redis://127.0.0.1:{port}/0", process=process)
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(10)


def count_often(counts: Any) -> list[int]:
    return [counts.add(7, MINUTE) for _ in range(200)]


@pytest.mark.parametrize("counts", [ProcessCounts, FileCounts])
def test_each_user_has_a_count_for_each_minute(folder: Path, counts: Any) -> None:
    counted = counts()

    assert [counted.add(1, MINUTE) for _ in range(3)] == [1, 2, 3]
    assert counted.add(2, MINUTE) == 1
    assert counted.add(10**9, MINUTE) == 1
    assert counted.add(1, MINUTE + 1) == 1
    assert counted.add(1, MINUTE + 3) == 1


@pytest.mark.parametrize("counts", [ProcessCounts, FileCounts])
def test_threads_count_exactly(folder: Path, counts: Any) -> None:
    counted = counts()

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for each in pool.map(count_often, [counted] * 8) for number in each]

    assert sorted(numbers) == list(range(1, 1601))


def test_a_request_of_the_minute_before_that_comes_late_takes_no_count_away(folder: Path) -> None:
    counts = FileCounts()
    counts.add(1, MINUTE)

    assert [counts.add(1, minute) for minute in (MINUTE - 1, MINUTE, MINUTE - 1)] == [2, 3, 4]


def test_after_the_clock_was_set_back_counting_begins_anew(folder: Path) -> None:
    counts = FileCounts()
    counts.add(1, MINUTE)

    assert [counts.add(1, MINUTE - 60) for _ in range(2)] == [1, 2]


def test_only_its_owner_can_read_the_file(folder: Path) -> None:
    FileCounts().add(1, MINUTE)

    [file] = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size == 16


def count_in_a_process(folder: str) -> list[int]:
    tempfile.tempdir = folder
    return count_often(FileCounts())


@pytest.mark.slow
def test_processes_count_exactly(folder: Path) -> None:
    with get_context("fork").Pool(4) as pool:
        numbers = [number for each in pool.map(count_in_a_process, [str(folder)] * 4, chunksize=1) for number in each]

    assert sorted(numbers) == list(range(1, 801))


def test_an_entry_that_another_process_holds_is_not_waited_for(folder: Path) -> None:
    counts = FileCounts()
    counts.add(1, MINUTE)
    [file] = folder.iterdir()
    holding = (
        "import fcntl, sys; fcntl.lockf(file := open(sys.argv[1], 'r+'), fcntl.LOCK_EX); print(flush=True); input()"
    )
    command = [sys.executable, "-c", holding, str(file)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"\n"

    began = time.monotonic()
    with pytest.raises(CannotCount):
        counts.add(1, MINUTE)

    assert time.monotonic() - began < 0.5
    holder.communicate(b"\n", timeout=10)
    assert counts.add(1, MINUTE) == 2


class Failing:
    """Counts that fail until they are mended."""

    def __init__(self) -> None:
        self.asked, self.is_mended = 0, False

    def add(self, user_id: int, minute: int) -> int:
        self.asked += 1
        if not self.is_mended:
            raise CannotCount("It is away.")
        return 100


def test_while_counting_together_fails_each_process_counts_and_one_line_a_minute_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(request_counts, "time", SimpleNamespace(monotonic=lambda: clock.now))
    shared = Failing()
    counts = RequestCounts(shared)

    assert [counts.add(1, MINUTE) for _ in range(4)] == [1, 2, 3, 4]
    assert shared.asked == 1
    clock.now += 5
    assert [counts.add(1, MINUTE) for _ in range(2)] == [5, 6]
    assert shared.asked == 2
    assert caplog.messages == ["Each process counts requests for itself: It is away."]
    clock.now += 56
    counts.add(1, MINUTE)
    assert len(caplog.messages) == 2
    shared.is_mended = True
    assert counts.add(1, MINUTE) == 8
    clock.now += 5
    assert [counts.add(1, MINUTE) for _ in range(2)] == [100, 100]


def test_redis_counts_for_all_who_ask_it(redis_server: SimpleNamespace) -> None:
    with ThreadPoolExecutor(4) as pool:
        each = pool.map(count_often, [RedisCounts(redis_server.url) for _ in range(4)])
        numbers = [number for counted in each for number in counted]

    assert sorted(numbers) == list(range(1, 801))
    assert RedisCounts(redis_server.url).add(7, MINUTE + 1) == 1


@pytest.mark.parametrize("is_known", [True, False], ids=["connected before", "not connected before"])
def test_a_redis_that_is_stopped_costs_one_request_a_fifth_of_a_second(
    redis_server: SimpleNamespace, caplog: pytest.LogCaptureFixture, *, is_known: bool
) -> None:
    counts = RequestCounts(RedisCounts(redis_server.url))
    if is_known:
        counts.add(1, MINUTE)
    redis_server.process.send_signal(signal.SIGSTOP)

    took = []
    for _ in range(50):
        began = time.monotonic()
        counts.add(1, MINUTE)
        took.append(time.monotonic() - began)

    assert 0.15 < max(took) < 0.4
    assert sum(took) < 0.6
    assert [message[:40] for message in caplog.messages] == ["Each process counts requests for itself:"]


def test_a_redis_that_is_not_there_costs_no_time(caplog: pytest.LogCaptureFixture) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    counts = RequestCounts(RedisCounts(f"redis://127.0.0.1:{port}/0"))

    began = time.monotonic()

    assert [counts.add(1, MINUTE) for _ in range(3)] == [1, 2, 3]
    assert time.monotonic() - began < 0.5
    assert len(caplog.messages) == 1


def ask_often(server: Server) -> list[int]:
    return [server.send("GET /api/me").status for _ in range(40)]


def requests_left(server: Server) -> int:
    """Ask until there is time enough left of the minute; return how many requests there are after that."""
    while True:
        left, seconds = (int(part[2:]) for part in server.send("GET /api/me").headers["Ratelimit"].split(";")[1:])
        if seconds > 10:
            return left
        time.sleep(seconds)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["two processes", "two machines"])
def test_of_the_requests_to_several_processes_exactly_as_many_as_promised_pass(
    request: pytest.FixtureRequest, tmp_path: Path, where: str
) -> None:
    settings = {"USER_REQUESTS_PER_MINUTE": "100", "SECRET_KEY": secrets.token_urlsafe(50), "TMPDIR": str(tmp_path)}
    with ExitStack() as stack:
        url = stack.enter_context(empty_database(tmp_path))
        if where == "two processes":
            servers = [stack.enter_context(serving("gunicorn", url, WEB_CONCURRENCY="2", **settings))]
        else:  # which share no file
            settings["REDIS_URL"] = request.getfixturevalue("redis_server").url
            first = stack.enter_context(serving("gunicorn", url, **settings))
            elsewhere = tmp_path / "elsewhere"
            elsewhere.mkdir()
            second = stack.enter_context(started("gunicorn", first.environment | {"TMPDIR": str(elsewhere)}))
            second.token = first.token
            servers = [first, second]
        left = requests_left(servers[0])
        with ThreadPoolExecutor(8) as pool:
            statuses = [status for each in pool.map(ask_often, servers * (8 // len(servers))) for status in each]

    assert Counter(statuses) == {200: left, 429: 320 - left}
    assert 90 < left < 100
