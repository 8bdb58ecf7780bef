"""Serves a WSGI application over ASGI: whole bodies in, threads for what is computed, and no thread for what is waited.

A thread begins when the whole body has come, and is given back before each part of the answer is sent: a client that
sends or reads slowly holds a coroutine. So does an answer that is an asynchronous iterable, however long it lasts."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Any

from expense_tracker.environ import REFUSAL, Scope, environ_of
from expense_tracker.threads import Threads

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# More than any view takes, 10 MB of a file and what a form has around it: views have limits of their own.
MAX_BODY_BYTES = 11 * 1024 * 1024
# What is larger waits in a temporary file.
MEMORY_BYTES = 256 * 1024
# A whole body, and each part of an answer.
BODY_SECONDS = 60
PART_SECONDS = 30
PART_BYTES = 64 * 1024
# Of each process, for what takes seconds: others need not wait for all of them.
LENGTHY_THREADS = 2


class ClientDisconnected(Exception):
    pass


class BodyTooLarge(Exception):
    pass


async def read_body(scope: Scope, receive: Receive, body: Any) -> int:
    """Write the request's body to `body`; return its length in bytes.

    Raises ClientDisconnected, BodyTooLarge, and TimeoutError where it takes longer than BODY_SECONDS."""
    headers = dict(scope["headers"])
    declared = headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
        raise BodyTooLarge
    more = declared != b"0" or b"transfer-encoding" in headers
    if not more:
        return 0
    async with asyncio.timeout(BODY_SECONDS):
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            body.write(message.get("body", b""))
            if body.tell() > MAX_BODY_BYTES:
                raise BodyTooLarge
            more = message.get("more_body", False)
    length: int = body.tell()
    body.seek(0)
    return length


async def disconnection(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Exchange:
    """A request and its answer: steps that each run in a thread, one at a time."""

    def __init__(self, application: Any, environ: dict[str, Any]) -> None:
        self.application, self.environ = application, environ
        self.context = copy_context()
        self.lock = Lock()
        self.start: dict[str, Any] = {"type": "http.response.start"}
        self.answer: Any = None
        self.parts: Iterator[bytes] = iter(())
        self.is_stream = self.is_finished = False

    def run(self, step: Callable[[], Any]) -> Any:
        """Take the step, in the context of the request."""
        with self.lock:
            return self.context.run(step)

    def start_response(self, status: str, headers: Iterable[tuple[str, str]], exc_info: Any = None) -> None:
        self.start["status"] = int(status[:3])
        # Django's cookies begin with a space, which not every server takes.
        pairs = ((name.lower(), value.strip()) for name, value in headers)
        self.start["headers"] = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]

    def begin(self) -> tuple[bytes, bool]:
        """Return the first part of the answer, whose head is `start` then, and whether there is more."""
        if self.is_finished:
            return b"", False
        self.answer = self.application(self.environ, self.start_response)
        if self.environ["REQUEST_METHOD"] != "HEAD":
            self.is_stream = getattr(self.answer, "is_async", False)
            if self.is_stream:
                return b"", True
            self.parts = iter(self.answer)
        return self.proceed()

    def proceed(self) -> tuple[bytes, bool]:
        """Return the next part, of PART_BYTES or more, and whether there is more."""
        parts, size = [], 0
        for part in self.parts:
            parts.append(part)
            size += len(part)
            if size >= PART_BYTES:
                return b"".join(parts), True
        self.finish()
        return b"".join(parts), False

    def finish(self) -> None:
        self.is_finished = True
        self.environ["wsgi.input"].close()
        close = getattr(self.answer, "close", None)
        if close:
            close()
        self.answer = None


class Bridge:
    """An ASGI application (for the scope `http`) of a WSGI application.

    `threads` compute at once; each keeps a database connection of its own. Each path in `reserved` has a thread beside
    them, and is answered also while all of them wait. What is in `lengthy`, paths whose requests may take seconds, is
    computed by LENGTHY_THREADS of its own."""

    def __init__(
        self,
        application: Any,
        *,
        threads: int,
        reserved: frozenset[str] = frozenset(),
        lengthy: frozenset[str] = frozenset(),
    ) -> None:
        self.application = application
        self.threads, self.spare = Threads(threads), Threads(1)
        self.threads_of = {path: Threads(1) for path in reserved} | dict.fromkeys(lengthy, Threads(LENGTHY_THREADS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115  # closed where the exchange is finished
        length, refusal = 0, None
        try:
            length = await read_body(scope, receive, body)
        except ClientDisconnected:
            body.close()
            return
        except BodyTooLarge:
            refusal = 413, f"The request body is larger than {MAX_BODY_BYTES} bytes.", "content_too_large"
        except TimeoutError:
            refusal = 408, f"The request body did not come within {BODY_SECONDS} seconds.", "request_timeout"
        environ = environ_of(scope, body, length)
        if refusal:
            environ[REFUSAL] = refusal
        await self.answer(Exchange(self.application, environ), receive, send)

    async def answer(self, exchange: Exchange, receive: Receive, send: Send) -> None:
        """Send the answer. Where the client has gone, or does not read in time, stop in the middle."""
        is_refused = REFUSAL in exchange.environ
        threads = self.spare if is_refused else self.threads_of.get(exchange.environ["PATH_INFO"], self.threads)
        more = True
        try:
            part, more = await threads.submit(partial(exchange.run, exchange.begin))
            if is_refused:  # what remains of the body would be taken for the next request
                exchange.start["headers"].append((b"connection", b"close"))
            if exchange.is_stream:
                await self.stream(exchange, receive, send)
                return
            await send(exchange.start)
            while more:
                async with asyncio.timeout(PART_SECONDS):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                part, more = await self.threads.submit(partial(exchange.run, exchange.proceed))
            async with asyncio.timeout(PART_SECONDS):
                await send({"type": "http.response.body", "body": part})
        except TimeoutError:
            return
        finally:
            if more:
                self.threads.submit(partial(exchange.run, exchange.finish))

    async def stream(self, exchange: Exchange, receive: Receive, send: Send) -> None:
        """Send the parts as they come, until they end, the client goes, or does not read in time."""

        async def send_parts() -> None:
            # Whoever comes back after the end may find another process.
            exchange.start["headers"].append((b"connection", b"close"))
            await send(exchange.start)
            async for part in exchange.answer:
                async with asyncio.timeout(PART_SECONDS):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

        sending = asyncio.create_task(send_parts(), context=exchange.context)
        leaving = asyncio.create_task(disconnection(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.wait({sending, leaving})
        if not sending.cancelled():
            with suppress(OSError):  # the client has gone, or did not read in time
                sending.result()
