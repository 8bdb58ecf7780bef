"""How gunicorn serves the API; the Procfile and `make run` read this file. Every setting can be given on the command
line instead."""

import ctypes
import logging.config
import os
from typing import Any

from dotenv import dotenv_values

wsgi_app = "expense_tracker.asgi:application"
worker_class = "asgi"
workers = int(os.environ.get("WEB_CONCURRENCY") or dotenv_values(".env").get("WEB_CONCURRENCY") or 2)
# Longer than proxies keep a connection, Heroku's router 90 seconds: who closes first does not meet a request.
keepalive = 100
# A filter of 40 categories in Cyrillic takes so long a line.
limit_request_line = 8190
# No header of a client is taken for a variable of the server, SCRIPT_NAME above all.
forwarder_headers = ""
# What runs at SIGTERM has so long to end, which is less than the 30 seconds that platforms wait; a worker reports to
# its parent for the last time before.
graceful_timeout = 25
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
