"""What became of the requests, and of what was written: each acknowledged write is to be there, and once."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from faults.client import Answer, Client, slowest
from faults.traffic import Follower, Listener, Person, Refresher, Writer

# Of each user.
WRITERS, LISTENERS = 3, 2
WAIT_SECONDS, CATCH_UP_SECONDS = 30, 20


def is_unanswered(answer: Answer) -> bool:
    """Whether it got no answer of ours: none at all, or one of the balancer that it found nobody."""
    return not answer.status or (answer.status >= 500 and not answer.asks_to_retry)  # noqa: PLR2004  # of servers


class Rows(NamedTuple):
    written: int  # and acknowledged
    lost: int
    doubled: int
    behind: int  # copies and listeners that have not heard of everything in the end


class Tally(NamedTuple):
    requests: int
    unanswered: Counter[str]
    refused: int  # with Retry-After
    slowest: float
    rows: Rows
    streams: int
    cut: int
    refreshed: int
    sessions_lost: int

    @property
    def is_right(self) -> bool:
        rows = self.rows
        return rows.written > 0 and not (rows.lost or rows.doubled or rows.behind or self.sessions_lost)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} x {kind}" for kind, count in sorted(self.unanswered.items()))
        return (
            f"{self.requests} requests, {self.unanswered.total()} unanswered{f' ({kinds})' if kinds else ''}, "
            f"{self.refused} to be retried, slowest {self.slowest:.1f} s; {self.rows.written} written: "
            f"{self.rows.lost} lost, {self.rows.doubled} doubled; {self.streams} streams, {self.cut} cut; "
            f"{self.refreshed} refreshes, {self.sessions_lost} sessions lost; {self.rows.behind} copies or streams late"
        )


class Household:
    """All who have the account of one user."""

    def __init__(self, port: int, user: Client, stopped: threading.Event, stopped_listening: threading.Event) -> None:
        self.user = user
        self.writers = [Writer(port, user.headers, stopped) for _ in range(WRITERS)]
        self.follower = Follower(port, user.headers, stopped_listening)
        self.listeners = [Listener(port, user.headers, stopped_listening) for _ in range(LISTENERS)]

    @property
    def people(self) -> list[Person]:
        return [*self.writers, self.follower, *self.listeners]

    def count_behind(self) -> int:
        """How many have not heard of the last acknowledged write."""
        last = max(writer.revision for writer in self.writers)
        heard = [self.follower.revision, *(listener.revision for listener in self.listeners)]
        return sum(revision < last for revision in heard)

    def read_back(self) -> "Rows":
        self.user.close()
        rows = json.loads(self.user.request("GET", "/api/expenses/export?format=json").body)
        found = Counter(row["description"] for row in rows)
        acknowledged = {description for writer in self.writers for description in writer.acknowledged}
        return Rows(
            written=len(acknowledged),
            lost=len(acknowledged - found.keys()),
            doubled=sum(count > 1 for count in found.values()),
            behind=self.count_behind() + (set(self.follower.copy.values()) != found.keys()),
        )


class Traffic:
    """Two households, and two who refresh their tokens."""

    def __init__(self, port: int, users: list[Client], refreshers: list[str]) -> None:
        self.stopped, self.stopped_listening = threading.Event(), threading.Event()
        self.households = [Household(port, user, self.stopped, self.stopped_listening) for user in users]
        self.refreshers = [Refresher(port, name, self.stopped) for name in refreshers]

    @property
    def people(self) -> list[Person]:
        return [*self.refreshers, *(person for household in self.households for person in household.people)]

    @property
    def answers(self) -> list[Answer]:
        return [answer for person in self.people for answer in person.answers]

    def wait_for(self, count: int) -> None:
        """Return when so many more writes are acknowledged, or after WAIT_SECONDS."""
        writers = [writer for household in self.households for writer in household.writers]
        enough = count + sum(len(writer.acknowledged) for writer in writers)
        deadline = time.monotonic() + WAIT_SECONDS
        while sum(len(writer.acknowledged) for writer in writers) < enough and time.monotonic() < deadline:
            time.sleep(0.1)

    def catch_up(self) -> None:
        """Let the last writes be done, and wait until all who follow or listen have heard of them."""
        self.stopped.set()
        for person in self.people:
            if person.stopped is self.stopped:
                person.join()
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while any(household.count_behind() for household in self.households) and time.monotonic() < deadline:
            time.sleep(0.1)

    def end(self) -> None:
        self.stopped.set()
        self.stopped_listening.set()
        for household in self.households:
            for listener in household.listeners:
                listener.close()
        for person in self.people:
            with suppress(RuntimeError):  # it has not begun
                person.join()

    def tally(self) -> Tally:
        """Read back what there is, once all is quiet."""
        rows = [household.read_back() for household in self.households]
        listeners = [listener for household in self.households for listener in household.listeners]
        unanswered = [answer for answer in self.answers if is_unanswered(answer)]
        return Tally(
            requests=len(self.answers),
            unanswered=Counter(str(answer.status or answer.error) for answer in unanswered),
            refused=sum(answer.asks_to_retry for answer in self.answers),
            slowest=slowest(self.answers),
            rows=Rows(*(sum(counts) for counts in zip(*rows, strict=True))),
            streams=sum(listener.streams for listener in listeners),
            cut=sum(listener.cut for listener in listeners),
            refreshed=sum(refresher.refreshed for refresher in self.refreshers),
            sessions_lost=sum(refresher.lost for refresher in self.refreshers),
        )


@contextmanager
def traffic(port: int, users: list[Client], refreshers: list[str]) -> Iterator[Traffic]:
    """It goes on meanwhile; all have caught up when it ends."""
    running = Traffic(port, users, refreshers)
    try:
        for person in running.people:
            person.start()
        yield running
        running.catch_up()
    finally:
        running.end()
