"""The threads of the bridge: what holds one, and what is closed when a client leaves"""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from expense_tracker import bridge
from expense_tracker.bridge import Bridge, Message
from expense_tracker.tests.asgi_clients import SCOPE, Client, ResponseBody, application, forever


def test_slow_readers_hold_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Bridge(application(ResponseBody(*[b"x" * bridge.PART_BYTES] * 3)), threads=1)
    client = Client(b"abcd")

    async def never_read(message: Message) -> None:
        if message["type"] == "http.response.body":
            await forever()

    async def serve() -> None:
        clients = [Client(b"abcd") for _ in range(10)]
        reading = [asyncio.create_task(slow(SCOPE, one.receive, never_read)) for one in clients]
        await asyncio.wait_for(slow(SCOPE, client.receive, client.send), 5)
        for task in reading:
            task.cancel()

    asyncio.run(serve())

    assert client.response == (200, b"x" * bridge.PART_BYTES * 3)


@pytest.mark.parametrize(
    ("path", "busy", "is_served"),
    [
        ("/healthz", "/waits", True),
        ("/healthz", "/readyz/waits", True),
        ("/other", "/waits", False),
        ("/lengthy", "/waits", True),
        ("/lengthy", "/lengthy/waits", False),
        ("/other", "/lengthy/waits", True),
    ],
)
def test_reserved_and_lengthy_paths_have_threads_of_their_own(path: str, busy: str, is_served: bool) -> None:
    released = threading.Event()

    def wsgi(environ: dict[str, Any], start_response: Any) -> ResponseBody:
        if environ["PATH_INFO"].endswith("/waits"):
            released.wait(10)
        start_response("200 OK", [])
        return ResponseBody(b"x")

    async def serve() -> bool:
        lengthy, reserved = frozenset({"/lengthy", "/lengthy/waits"}), frozenset({"/healthz", "/readyz/waits"})
        both = Bridge(wsgi, threads=2, reserved=reserved, lengthy=lengthy)
        waiting = [asyncio.create_task(ask(both, busy)) for _ in range(4)]
        await asyncio.sleep(0.05)
        asking = asyncio.create_task(ask(both, path))
        await asyncio.wait([asking], timeout=0.3)
        answered = asking.done()
        released.set()
        await asyncio.gather(*waiting, asking)
        return answered

    async def ask(app: Bridge, path: str) -> None:
        client = Client(b"abcd")
        await app(SCOPE | {"path": path, "raw_path": path.encode()}, client.receive, client.send)
        assert client.response == (200, b"x")

    assert asyncio.run(serve()) is is_served


def test_request_of_a_client_that_left_the_queue_is_not_run() -> None:
    released, paths = threading.Event(), []

    def wsgi(environ: dict[str, Any], start_response: Any) -> ResponseBody:
        paths.append(environ["PATH_INFO"])
        released.wait(10)
        start_response("200 OK", [])
        return ResponseBody(b"x")

    async def serve() -> None:
        app = Bridge(wsgi, threads=1)
        clients = [Client(b"abcd") for _ in range(3)]
        first, second, third = (
            asyncio.create_task(app(SCOPE | {"raw_path": f"/{number}".encode()}, one.receive, one.send))
            for number, one in enumerate(clients)
        )
        await asyncio.sleep(0.05)
        second.cancel()
        await asyncio.sleep(0)
        released.set()
        await asyncio.gather(first, third)

    asyncio.run(serve())

    assert paths == ["/0", "/2"]


def test_response_in_progress_is_closed_when_its_client_leaves() -> None:
    began, released, response = threading.Event(), threading.Event(), ResponseBody(b"x")

    def wsgi(environ: dict[str, Any], start_response: Any) -> ResponseBody:
        began.set()
        released.wait(10)
        start_response("200 OK", [])
        return response

    async def serve() -> None:
        client = Client(b"abcd")
        task = asyncio.create_task(Bridge(wsgi, threads=2)(SCOPE, client.receive, client.send))
        await asyncio.to_thread(began.wait, 5)
        task.cancel()
        await asyncio.wait([task])
        released.set()

    asyncio.run(serve())

    assert response.closed.wait(5)


class StreamBody(ResponseBody):
    """A response body that is a stream."""

    is_async = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
        await forever()


def test_stream_holds_no_thread_and_is_closed_when_its_client_leaves() -> None:
    streams = [StreamBody(b"one", b"two") for _ in range(5)]
    waiting = iter(streams)

    def wsgi(environ: dict[str, Any], start_response: Any) -> ResponseBody:
        start_response("200 OK", [])
        return next(waiting, ResponseBody(b"computed"))

    async def serve() -> None:
        app, gone = Bridge(wsgi, threads=1), asyncio.Event()

        async def leave() -> Message:
            await gone.wait()
            return {"type": "http.disconnect"}

        scope = SCOPE | {"method": "GET", "headers": []}
        clients = [Client(b"", last=leave) for _ in streams]
        listening = [asyncio.create_task(app(scope, client.receive, client.send)) for client in clients]
        last = Client(b"")
        while any(len(client.sent) < 3 for client in clients):
            await asyncio.sleep(0.01)
        await asyncio.wait_for(app(scope, last.receive, last.send), 5)
        assert last.response == (200, b"computed")
        assert [client.response for client in clients] == [(200, b"onetwo")] * 5
        assert not any(stream.closed.is_set() for stream in streams)
        gone.set()
        await asyncio.gather(*listening)

    asyncio.run(serve())

    assert all(stream.closed.wait(5) for stream in streams)


def test_unread_stream_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "PART_SECONDS", 0.05)
    response, client = StreamBody(b"one"), Client(b"", last=forever)

    async def never_read(message: Message) -> None:
        if message["type"] == "http.response.body":
            await forever()

    async def serve() -> None:
        scope = SCOPE | {"method": "GET", "headers": []}
        await asyncio.wait_for(Bridge(application(response), threads=1)(scope, client.receive, never_read), 5)

    asyncio.run(serve())

    assert response.closed.wait(5)
