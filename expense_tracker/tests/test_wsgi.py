"""The application as servers load it."""

import json
from importlib import import_module
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.utils.module_loading import import_string


def test_app_for_vercel_responds(db: None) -> None:
    assert json.loads((settings.BASE_DIR / "vercel.json").read_text())["framework"] == "django"
    app = import_string(settings.WSGI_APPLICATION)
    environ: dict[str, Any] = {"HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    statuses: list[str] = []

    body = b"".join(app(environ, lambda status, _headers: statuses.append(status)))

    assert statuses == ["200 OK"]
    assert json.loads(body)["message"] == "Welcome to Expense Tracker API"


def test_server_loads_the_same_application() -> None:
    wsgi = import_module("expense_tracker.wsgi")

    assert wsgi.application is wsgi.app
    assert callable(import_module("expense_tracker.asgi").application)
