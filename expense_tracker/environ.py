"""The WSGI environ of an ASGI request."""

import sys
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = dict[str, Any]

# In the environ: status, sentence and code to answer with, where there is no body to give the application.
REFUSAL = "bridge.refusal"
# In the environ: an answer may be an asynchronous iterable with an attribute `is_async` that is true.
STREAMS = "bridge.streams"


@lru_cache(maxsize=256)
def environ_name(header: bytes) -> str | None:
    """Return what WSGI (PEP 3333) calls a header; None for one that is left out.

    The body's length is counted, not believed. A name with an underscore would be taken for one with a dash."""
    if b"_" in header or header in (b"content-length", b"transfer-encoding"):
        return None
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name == "CONTENT_TYPE" else f"HTTP_{name}"


def environ_of(scope: Scope, body: Any, length: int) -> dict[str, Any]:
    """Return the WSGI environ (PEP 3333) of an HTTP scope (ASGI 3) with a body of `length` bytes."""
    host, port = scope.get("server") or ("localhost", 80)
    raw_path = scope.get("raw_path") or scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": (scope.get("client") or [""])[0],
        "CONTENT_LENGTH": str(length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        STREAMS: True,
    }
    for header, value in scope["headers"]:
        if name := environ_name(header):
            text = value.decode("latin-1")
            if name in environ:
                text = f"{environ[name]}{'; ' if name == 'HTTP_COOKIE' else ','}{text}"
            environ[name] = text
    return environ
