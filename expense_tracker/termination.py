"""What a process does when it is told to end: it says so on /readyz, serves on for a while, and ends."""

import asyncio
import signal
import time
from collections.abc import Callable
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

# Where a whole group of processes is told, a worker hears it from its parent too.
SAME_SECONDS = 1


class Draining:
    """When the first SIGTERM came, on the monotonic clock. Handlers of signals can't take locks."""

    since: float | None = None

    @property
    def has_begun(self) -> bool:
        return self.since is not None


draining = Draining()


def at_termination(act: Callable[[], None], *, after: float) -> None:
    """Call `act` in this event loop, and then what the server does, `after` so many seconds from the first SIGTERM, or
    at once when SIGTERM comes again, or SIGINT.

    An event loop hears of signals by a descriptor (`signal.set_wakeup_fd`), whatever their handlers are: what a server
    does there is not put off. The handlers of servers that do without are called; see gunicorn.conf.py."""
    loop = asyncio.get_running_loop()
    if current_thread() is not main_thread():  # which alone can have handlers
        return

    def wrap(previous: Any) -> Callable[[int, FrameType | None], None]:
        def end(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(act)
            previous(number, frame)

        def handle(number: int, frame: FrameType | None) -> None:
            if number == signal.SIGTERM and draining.since is None:
                draining.since = time.monotonic()
                if after:
                    loop.call_soon_threadsafe(loop.call_later, after, end, number, frame)
                    return
            elif number == signal.SIGTERM and time.monotonic() - (draining.since or 0) < SAME_SECONDS:
                return
            end(number, frame)

        return handle

    for number in (signal.SIGTERM, signal.SIGINT):
        previous = signal.getsignal(number)
        if callable(previous):  # else the process ends, or does not hear of it
            signal.signal(number, wrap(previous))
