"""How gunicorn serves the API; the Procfile and `make run` read this file. Every setting can be given on the command
line instead."""

import ctypes
import os
import socket
import struct
import time
from collections import deque
from typing import Any

from dotenv import dotenv_values
from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # likewise

RECEIVE_SECONDS = 5
# How many requests a worker computes at once, and after how many seconds one is taken to wait and not to compute.
AT_ONCE = 2
PATIENCE = 0.05
# For so many seconds a worker that took a connection leaves the next one to the others.
ACCEPT_PAUSE = 0.001

wsgi_app = "expense_tracker.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY") or dotenv_values(".env").get("WEB_CONCURRENCY") or 2)
# For waiting: so many clients that send half a request, or read half an answer, and so many writes that wait for a lock
# keep nobody else waiting. A thread that serves requests has a connection to the database.
threads = 16
# All gunicorns of one user would share one control socket.
control_socket_disable = True
# A worker is replaced now and then, at different times, so that memory that leaks somewhere does not add up.
max_requests = 200_000
max_requests_jitter = 20_000
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "expense_tracker.logs.JSONFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False}},
}


class QuietLogger(Logger):  # type: ignore[misc]  # of a class without types
    """The application logs its requests itself. With a `logconfig_dict` gunicorn would put together a line of its own
    for each, a tenth of its work, and drop it."""

    @property
    def access_log_enabled(self) -> bool:
        return bool(self.cfg.accesslog)


logger_class = QuietLogger


class Worker(ThreadWorker):  # type: ignore[misc]  # of a class without types
    """A pool of threads for each worker, of which AT_ONCE compute.

    Gunicorn's own hands out every request at once; but threads that compute at the same time take the interpreter from
    each other at each statement. Measured with 16 connections to two workers, two at a time did 1.2 to 1.5 times as
    many requests per second as 16, and the slowest percent took half as long. One at a time did as many reads, but a
    fifth fewer writes, which wait for the database; three and four did fewer of both."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: deque[Any] = deque()
        self.begun: dict[Any, float] = {}
        self.accepts_again = 0.0

    # All workers are told of a connection, and whoever wakes up first would take all that come at once: measured, 16 of
    # 16, which leaves a core idle for as long as they are kept.
    def accept(self, listener: Any) -> None:
        before = self.nr_conns
        super().accept(listener)
        if self.nr_conns > before:
            self.accepts_again = time.monotonic() + ACCEPT_PAUSE
            self.set_accept_enabled(False)

    def set_accept_enabled(self, enabled: bool) -> None:
        if not enabled or time.monotonic() >= self.accepts_again:
            super().set_accept_enabled(enabled)

    def enqueue_req(self, conn: Any) -> None:
        self.waiting.append(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        pause = self.accepts_again - time.monotonic()
        super().wait_for_and_dispatch_events(pause if pause > 0 else PATIENCE if self.waiting else timeout)
        # All that adds to those that wait, or makes room for them, is one of these events.
        now = time.monotonic()
        computing = sum(now - begun < PATIENCE for begun in self.begun.values())
        for _ in range(min(AT_ONCE - computing, len(self.waiting))):
            conn = self.waiting.popleft()
            self.begun[conn] = now
            super().enqueue_req(conn)

    # Gunicorn's own closes connections in the one thread that also accepts and hands out all others, and there waits up
    # to two seconds for each client that does not close its end.
    def handle(self, conn: Any) -> Any:
        keep = super().handle(conn)
        if not keep:
            conn.close(graceful=True)
        return keep

    def finish_request(self, conn: Any, fs: Any) -> None:
        del self.begun[conn]
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
        else:
            self.nr_conns -= 1

    # Gunicorn's own also shuts the pool down, for which it waits for a lock. The signal interrupts the thread that
    # hands out requests, which may hold that lock, and Ctrl-C sends two: one could wait for the other, until the master
    # killed the worker after 30 seconds. Threads end with the interpreter in any case.
    def handle_quit(self, sig: int, frame: Any) -> None:
        super(ThreadWorker, self).handle_quit(sig, frame)


worker_class = Worker


def post_fork(server: Any, worker: Any) -> None:
    """A password hash takes 19 MB for a moment. Without a fixed threshold glibc soon keeps such a block for each
    thread, 300 MB in all; with one it goes back to the system at once. Other C libraries have no such call and no such
    habit."""
    mmap_threshold, one_megabyte = -3, 1024 * 1024  # M_MMAP_THRESHOLD of <malloc.h>
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(mmap_threshold, one_megabyte)


def when_ready(server: Any) -> None:
    """A client that sends half a request and then nothing holds a thread for so many seconds and no longer: accepted
    connections inherit the listener's time-out. Only a proxy that buffers requests keeps such clients away entirely."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", RECEIVE_SECONDS, 0))
