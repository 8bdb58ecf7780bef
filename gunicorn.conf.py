"""How gunicorn serves the API; the Procfile and `make run` read this file. Every setting can be given on the command
line instead."""

import os
import socket
import struct
from typing import Any

RECEIVE_SECONDS = 10

wsgi_app = "expense_tracker.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# A pool of threads accepts and keeps connections for a worker; one request at a time is computed per worker anyway.
worker_class = "gthread"
threads = 4
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


def when_ready(server: Any) -> None:
    """A client that sends half a request and then nothing holds a thread for so many seconds and no longer: accepted
    connections inherit the listener's time-out. Only a proxy that buffers requests keeps such clients away entirely."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", RECEIVE_SECONDS, 0))
