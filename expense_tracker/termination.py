"""Functions to call as soon as the process is told to terminate."""

import asyncio
import signal
from collections.abc import Callable
from threading import current_thread, main_thread
from types import FrameType
from typing import Any


def at_termination(act: Callable[[], None]) -> None:
    """Call `act` in this event loop when SIGTERM or SIGINT comes, besides what the server does.

    An event loop hears of signals by a descriptor (`signal.set_wakeup_fd`), whatever their handlers are; the handlers
    of servers that do without are called."""
    loop = asyncio.get_running_loop()
    if current_thread() is not main_thread():  # which alone can have handlers
        return

    def wrap(previous: Any) -> Callable[[int, FrameType | None], None]:
        def handle(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(act)
            if callable(previous):
                previous(number, frame)

        return handle

    for number in (signal.SIGTERM, signal.SIGINT):
        previous = signal.getsignal(number)
        if callable(previous):  # else the process ends, or does not hear of it
            signal.signal(number, wrap(previous))
