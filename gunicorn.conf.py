"""How gunicorn serves the API; the Procfile and `make run` read this file. Every setting can be given on the command
line instead."""

import os

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
