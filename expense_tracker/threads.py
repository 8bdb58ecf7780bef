"""A pool of threads for an event loop."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any


def settle(future: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if future.done():  # cancelled meanwhile
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


class Threads:
    """Up to `count` threads, each started by one of the first calls.

    Unlike those of concurrent.futures they end with the process, whatever they wait for: Ctrl-C does not wait for a
    database. There is also less to do for each call, a third of the time."""

    def __init__(self, count: int) -> None:
        self.missing = count
        self.calls: SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]]] = SimpleQueue()

    def submit(self, call: Callable[[], Any]) -> asyncio.Future[Any]:
        """Call it in a thread; one that is cancelled before it has begun is not called."""
        if self.missing:
            self.missing -= 1
            Thread(target=self.work, daemon=True).start()
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.calls.put((future, call))
        return future

    def work(self) -> None:
        while True:
            future, call = self.calls.get()
            if future.cancelled():
                continue
            result, error = None, None
            try:
                result = call()
            except BaseException as caught:  # it is the caller's
                error = caught
            with suppress(RuntimeError):  # the loop is closed, so nobody waits any more
                future.get_loop().call_soon_threadsafe(settle, future, result, error)
