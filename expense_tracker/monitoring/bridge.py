"""What can be seen only from outside of Django: what waits, and what is under way."""

import asyncio
from collections.abc import Callable
from threading import get_ident
from time import perf_counter
from typing import Any

from expense_tracker.bridge import Bridge, Receive, Send
from expense_tracker.environ import Scope
from expense_tracker.monitoring.metrics import BUSY_THREADS, IN_FLIGHT, THREADS, WAIT_SECONDS, WAITING
from expense_tracker.threads import Threads

# To write the numbers down at each change of them would take as much time as all other metrics.
SAMPLE_SECONDS = 1


class MeasuredThreads(Threads):
    """Threads that say how long each call has waited for one. `busy` are those that compute."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.busy: set[int] = set()

    def submit(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        submitted = perf_counter()

        def measured() -> Any:
            WAIT_SECONDS.observe(perf_counter() - submitted)
            self.busy.add(get_ident())
            try:
                return call()
            finally:
                self.busy.discard(get_ident())

        return super().submit(measured)


class MeasuredBridge(Bridge):
    """A bridge that says each second how many requests are in it, and how many of its threads are busy."""

    def __init__(self, application: Any, *, threads: int, **paths: frozenset[str]) -> None:
        super().__init__(application, threads=threads, **paths)
        self.threads: MeasuredThreads = MeasuredThreads(threads)
        self.in_flight = 0
        self.is_sampled = False
        THREADS.set(threads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.in_flight += 1
        if not self.is_sampled:
            self.is_sampled = True
            self.sample(asyncio.get_running_loop())
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.in_flight -= 1

    def sample(self, loop: asyncio.AbstractEventLoop) -> None:
        IN_FLIGHT.set(self.in_flight)
        BUSY_THREADS.set(len(self.threads.busy))
        WAITING.set(self.threads.calls.qsize())
        loop.call_later(SAMPLE_SECONDS, self.sample, loop)
