"""The application as servers load it."""

import json
import runpy
import signal
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings
from django.utils.module_loading import import_string


def test_the_app_that_vercel_serves_answers(db: None) -> None:
    assert json.loads((settings.BASE_DIR / "vercel.json").read_text())["framework"] == "django"
    app = import_string(settings.WSGI_APPLICATION)
    environ: dict[str, Any] = {"HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    statuses: list[str] = []

    body = b"".join(app(environ, lambda status, _headers: statuses.append(status)))

    assert statuses == ["200 OK"]
    assert json.loads(body)["message"] == "Welcome to Expense Tracker API"


def test_the_server_loads_the_same_application() -> None:
    wsgi = import_module("expense_tracker.wsgi")

    assert wsgi.application is wsgi.app
    assert callable(import_module("expense_tracker.asgi").application)


def test_worker_ends_at_once_while_it_accepts_a_request() -> None:
    """Ctrl-C is two signals, and each may come while the one thread that hears them holds the lock of the pool."""
    worker_class = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["Worker"]
    worker = worker_class.__new__(worker_class)
    worker.cfg = SimpleNamespace(worker_int=lambda _worker: None)

    with ThreadPoolExecutor() as worker.tpool, ThreadPoolExecutor() as elsewhere, worker.tpool._shutdown_lock:
        ending = elsewhere.submit(worker.handle_quit, signal.SIGINT, None)
        with pytest.raises(SystemExit):
            ending.result(timeout=5)

    assert not worker.alive
