"""The ASGI application, which gunicorn serves, or any other server that speaks ASGI.

What is computed goes to the WSGI application in a pool of threads; what lasts goes to Django's ASGI handler, which
holds none."""

from django.conf import settings
from django.core.asgi import get_asgi_application

from expense_tracker.bridge import Bridge, Receive, Scope, Send
from expense_tracker.wsgi import application as wsgi_application

STREAMS = frozenset({"/api/expenses/live"})

computed = Bridge(wsgi_application, threads=settings.WEB_THREADS, reserved=frozenset({"/healthz"}))
streamed = get_asgi_application()


async def lifespan(receive: Receive, send: Send) -> None:
    """There is nothing to start, and nothing to stop."""
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    elif scope["path"] in STREAMS:
        # As wsgi.py has it: a Host is required.
        if scope["http_version"] == "1.1" and b"host" not in dict(scope["headers"]):
            scope = scope | {"headers": [*scope["headers"], (b"host", b"")]}
        await streamed(scope, receive, send)
    else:
        await computed(scope, receive, send)
