"""How gunicorn serves the API; the Procfile and `make run` read this file. Every setting can be given on the command
line instead."""

import ctypes
import logging.config
import os
import shutil
import signal
import tempfile
import time
from typing import Any

from dotenv import dotenv_values

wsgi_app = "expense_tracker.asgi:application"
worker_class = "asgi"
variables = dotenv_values(".env") | os.environ
workers = int(variables.get("WEB_CONCURRENCY") or 2)
# Longer than proxies keep a connection, Heroku's router 90 seconds: who closes first does not meet a request.
keepalive = 100
# A filter of 40 categories in Cyrillic takes so long a line.
limit_request_line = 8190
# No header of a client is taken for a variable of the server, SCRIPT_NAME above all.
forwarder_headers = ""
# What runs when no more is taken, DRAIN_SECONDS after SIGTERM, has 25 seconds to end: less than the 30 that platforms
# wait where nothing is drained. A worker reports to its parent for the last time before.
graceful_timeout = int(variables.get("DRAIN_SECONDS") or 0) + 25
timeout = 60
# All gunicorns of one user would share one control socket.
control_socket_disable = True
# With `logconfig_dict` gunicorn would put together a line of its own for each request, and drop it.
errorlog = None
logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "expense_tracker.logs.JSONFormatter"}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "root": {"handlers": ["stdout"], "level": "INFO"},
        "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False}},
    }
)


def post_fork(server: Any, worker: Any) -> None:
    """A password hash takes 19 MB for a moment. Without a fixed threshold glibc soon keeps such a block for each
    thread, 300 MB in all; with one it goes back to the system at once. Other C libraries have no such call and no such
    habit."""
    mmap_threshold, one_megabyte = -3, 1024 * 1024  # M_MMAP_THRESHOLD of <malloc.h>
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(mmap_threshold, one_megabyte)


def on_starting(server: Any) -> None:
    """The workers count together in files of a folder that is empty at each start."""
    if variables.get("METRICS_TOKEN"):
        server.metrics_folder = tempfile.mkdtemp(prefix="expense-tracker-metrics-")
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = server.metrics_folder


def child_exit(server: Any, worker: Any) -> None:
    """What a worker was doing when it ended is not done any more."""
    if hasattr(server, "metrics_folder"):
        # Only now: where it is imported, it looks for the folder.
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # it has no types


def on_exit(server: Any) -> None:
    if hasattr(server, "metrics_folder"):
        shutil.rmtree(server.metrics_folder, ignore_errors=True)


def when_ready(server: Any) -> None:
    """A second SIGTERM ends all at once. Gunicorn does not hear it, but does hear SIGINT, while it waits for workers;
    what comes within a second was sent to a whole group of processes, or sent twice."""
    received: list[float] = []

    def handle(number: int, frame: Any) -> None:
        received.append(time.monotonic())
        server.signal(signal.SIGINT if received[-1] - received[0] > 1 else number, frame)

    signal.signal(signal.SIGTERM, handle)


def post_worker_init(worker: Any) -> None:
    """SIGTERM gets a handler that `expense_tracker.termination` can put off, which it can't where the event loop hears
    of it, and closes the sockets at once rather than when the worker next looks, within a second."""

    def stop() -> None:
        worker.handle_exit_signal()
        for server in worker.servers:
            server.close()

    # Uvloop removes none before it runs.
    worker.loop.add_signal_handler(signal.SIGTERM, lambda: None)
    signal.signal(signal.SIGTERM, lambda *_: worker.loop.call_soon_threadsafe(stop))
