"""ASGI clients and WSGI applications for tests of the bridge."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

from expense_tracker.bridge import Message
from expense_tracker.environ import REFUSAL

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/é",
    "raw_path": b"/%C3%A9",
    "query_string": b"a=1&b=%20",
    "headers": [(b"host", b"localhost"), (b"content-length", b"4"), (b"cookie", b"a=1"), (b"cookie", b"b=2")],
    "server": ("127.0.0.1", 8000),
    "client": ("192.0.2.1", 5000),
}


class Client:
    """An ASGI client: it sends the parts of a body, then whatever `last` returns."""

    def __init__(self, *body: bytes, last: Callable[[], Any] | None = None) -> None:
        self.messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": part, "more_body": True} for part in body
        ]
        if not last:
            self.messages[-1]["more_body"] = False
        self.last = last
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if self.messages:
            return self.messages.pop(0)
        assert self.last
        message: Message = await self.last()
        return message

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def response(self) -> tuple[int, bytes]:
        return self.sent[0]["status"], b"".join(message["body"] for message in self.sent[1:])


class ResponseBody:
    """The body of a WSGI response in parts; `closed` is set when the server closes it."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.closed = parts, threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed.set()


def application(response: ResponseBody, environs: list[dict[str, Any]] | None = None) -> Any:
    def wsgi(environ: dict[str, Any], start_response: Any) -> ResponseBody:
        if environs is not None:
            environs.append(environ | {"body": environ["wsgi.input"].read()})
        status = "{} Refused".format(*environ[REFUSAL]) if REFUSAL in environ else "200 OK"
        start_response(status, [("Content-Type", "text/plain"), ("Set-Cookie", " a=1")])
        return response

    return wsgi


async def forever() -> Message:
    return await asyncio.Future()


async def disconnect() -> Message:
    return {"type": "http.disconnect"}
