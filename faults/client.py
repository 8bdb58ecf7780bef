"""Clients of the server: each request is timed, and one that gets no answer is an answer of status 0."""

import http.client
import json
import select
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

PASSWORD = "SecurePassword123!"  # noqa: S105  # of users that live for seconds
SECONDS = 60
UNAVAILABLE = 503
EXPENSE = {"amount": 1250, "category": "Food"}
BULK = 1000


@dataclass(frozen=True)
class Answer:
    start: float
    seconds: float
    status: int = 0
    body: bytes = b""
    retry_after: str | None = None
    error: str = ""

    @property
    def end(self) -> float:
        return self.start + self.seconds

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004  # the class of success

    @property
    def asks_to_retry(self) -> bool:
        return self.status == UNAVAILABLE and (self.retry_after or "").isdecimal()


class Client:
    """Keeps its connection, and opens another only where the server has closed it, or after an error."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self.port = port
        self.headers = {"Content-Type": "application/json", **(headers or {})}
        self.connection: http.client.HTTPConnection | None = None

    def twin(self) -> "Client":
        """The same user on another connection."""
        return Client(self.port, self.headers)

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def was_closed(self, connection: http.client.HTTPConnection) -> bool:
        """Whether the server has done so since the last answer, as it may with connections that nobody uses."""
        return bool(connection.sock and select.select([connection.sock], [], [], 0)[0])

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        start = time.monotonic()
        if self.connection and self.was_closed(self.connection):
            self.close()
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            content = None if body is None else json.dumps(body)
            self.connection.request(method, path, content, self.headers | (headers or {}))
            response = self.connection.getresponse()
            received = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Answer(start, time.monotonic() - start, error=type(error).__name__)
        return Answer(start, time.monotonic() - start, response.status, received, response.getheader("Retry-After"))


@contextmanager
def writing(writers: list[tuple[Client, dict[str, str]]], body: Any) -> Iterator[list[Future[Answer]]]:
    """Each of the writers, who send these headers, is waiting for the answer to an expense when it begins, and has it
    when it ends."""
    with ThreadPoolExecutor(len(writers)) as pool:
        waiting = [pool.submit(client.request, "POST", "/api/expenses", body, headers) for client, headers in writers]
        time.sleep(0.5)
        yield waiting


class Load:
    """Clients that send one request after the other, as fast as they are answered, each in a thread of its own."""

    def __init__(self, clients: Iterable[Client], work: Callable[[Client, int], Answer], pause: float = 0) -> None:
        self.clients = list(clients)
        self.work, self.pause = work, pause
        self.answers: list[list[Answer]] = [[] for _ in self.clients]
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(len(self.clients))]

    def run(self, number: int) -> None:
        turn = number  # so that they do not all send the same at once
        while not self.stopped.is_set():
            self.answers[number].append(self.work(self.clients[number], turn))
            turn += 1
            if self.pause:
                self.stopped.wait(self.pause)

    def all(self) -> list[Answer]:
        return sorted((answer for answers in self.answers for answer in answers), key=lambda answer: answer.start)

    def wait_for(self, count: int, seconds: float) -> None:
        """Returns when there are so many answers, or so many seconds have passed."""
        deadline = time.monotonic() + seconds
        while sum(map(len, self.answers)) < count and time.monotonic() < deadline:
            time.sleep(0.01)


@contextmanager
def loading(clients: Iterable[Client], work: Callable[[Client, int], Answer], pause: float = 0) -> Iterator[Load]:
    """All clients have got their last answer when it ends."""
    load = Load(clients, work, pause)
    for thread in load.threads:
        thread.start()
    try:
        yield load
    finally:
        load.stopped.set()
        for thread in load.threads:
            thread.join()
        for client in load.clients:
            client.close()


def fill(client: Client, rows: int) -> None:
    """Give the client's user so many expenses."""
    for start in range(0, rows, BULK):
        answer = client.request("POST", "/api/expenses/bulk", {"create": [EXPENSE] * min(BULK, rows - start)})
        if not answer.is_success:
            raise RuntimeError(f"bulk answered {answer.status}: {answer.body[:200]!r}")


def slowest(answers: Iterable[Answer]) -> float:
    return max((answer.seconds for answer in answers), default=0.0)


def count_failed(answers: Iterable[Answer]) -> int:
    return sum(not answer.is_success for answer in answers)


def outcomes(answers: Iterable[Answer]) -> str:
    """Such as `12 x 200, 3 x 503`."""
    counts: dict[str, int] = {}
    for answer in answers:
        word = str(answer.status) if answer.status else answer.error
        counts[word] = counts.get(word, 0) + 1
    return ", ".join(f"{count} x {word}" for word, count in sorted(counts.items())) or "no answers"
