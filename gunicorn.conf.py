"""How gunicorn serves the API; the Procfile and `make run` read this file. Every setting can be given on the command
line instead."""

import ctypes
import os
import socket
import struct
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

RECEIVE_SECONDS = 5

wsgi_app = "expense_tracker.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# One request at a time is computed in a worker anyway: the others are for waiting, and so many clients that send half a
# request and then nothing keep nobody else waiting. A thread that serves requests has a connection to the database.
# Measured with 16 connections, 4 threads and 16 are the same within the noise of the machine.
threads = 16
# All gunicorns of one user would share one control socket.
control_socket_disable = True
# A worker is replaced now and then, at different times, so that memory that leaks somewhere does not add up.
max_requests = 20_000
max_requests_jitter = 2_000
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "expense_tracker.observability.JSONFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False}},
}


class Worker(ThreadWorker):  # type: ignore[misc]
    """A pool of threads for each worker. Gunicorn's own closes connections in the one thread that also accepts and
    hands out all others, and there waits up to two seconds for each client that does not close its end."""

    def handle(self, conn: Any) -> Any:
        keep = super().handle(conn)
        if not keep:
            conn.close(graceful=True)
        return keep

    def finish_request(self, conn: Any, fs: Any) -> None:
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
        else:
            self.nr_conns -= 1


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
