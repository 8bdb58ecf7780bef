"""The WSGI application, for gunicorn; `app` is the name that Vercel's Python runtime looks for."""

from typing import Any

from django.core.wsgi import get_wsgi_application

from expense_tracker.environment import load_settings

load_settings()

django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """HTTP/1.1 wants a Host in every request (RFC 9112, section 3.2). Django would take the server's own address for
    one that is missing; one that is empty it refuses."""
    if environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
        environ.setdefault("HTTP_HOST", "")
    return django_application(environ, start_response)


app = application
