"""The bridge from ASGI to WSGI, between a server and an application that are made up."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from expense_tracker import bridge
from expense_tracker.bridge import Bridge, Message
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
    """What a server hands on from one: the parts of a body, and then what `last` waits for."""

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
    def answer(self) -> tuple[int, bytes]:
        return self.sent[0]["status"], b"".join(message["body"] for message in self.sent[1:])


class Answer:
    """Parts that an application answers, and whether it was told that they are not wanted any more."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.closed = parts, threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        self.closed.set()


def application(answer: Answer, environs: list[dict[str, Any]] | None = None) -> Any:
    def wsgi(environ: dict[str, Any], start_response: Any) -> Answer:
        if environs is not None:
            environs.append(environ | {"body": environ["wsgi.input"].read()})
        status = "{} Refused".format(*environ[REFUSAL]) if REFUSAL in environ else "200 OK"
        start_response(status, [("Content-Type", "text/plain"), ("Set-Cookie", " a=1")])
        return answer

    return wsgi


async def forever() -> Message:
    return await asyncio.Future()


async def disconnect() -> Message:
    return {"type": "http.disconnect"}


def test_a_request_becomes_an_environ_and_the_answer_messages() -> None:
    environs: list[dict[str, Any]] = []
    answer, client = Answer(b"one ", b"two"), Client(b"ab", b"cd")

    asyncio.run(Bridge(application(answer, environs), threads=1)(SCOPE, client.receive, client.send))

    assert client.sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1")],
        },
        {"type": "http.response.body", "body": b"one two"},
    ]
    assert answer.closed.is_set()
    [environ] = environs
    assert {name: value for name, value in environ.items() if not name.startswith("wsgi.")} == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/Ã©",
        "QUERY_STRING": "a=1&b=%20",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "REMOTE_ADDR": "192.0.2.1",
        "CONTENT_LENGTH": "4",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": "a=1; b=2",
        "bridge.streams": True,
        "body": b"abcd",
    }


def test_a_body_that_does_not_come_in_time_is_a_408_and_no_thread_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05)
    client = Client(b"ab", last=forever)

    asyncio.run(Bridge(application(Answer()), threads=1)(SCOPE, client.receive, client.send))

    assert client.answer == (408, b"")
    assert (b"connection", b"close") in client.sent[0]["headers"]


def test_a_chunked_body_that_does_not_end_is_a_413(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "MAX_BODY_BYTES", 10)
    scope = SCOPE | {"headers": [(b"transfer-encoding", b"chunked")]}
    client = Client(b"12345", b"678901", last=forever)

    asyncio.run(Bridge(application(Answer()), threads=1)(scope, client.receive, client.send))

    assert client.answer == (413, b"")
    assert (b"connection", b"close") in client.sent[0]["headers"]


def test_a_client_that_leaves_in_the_middle_of_its_body_is_not_answered() -> None:
    environs: list[dict[str, Any]] = []
    client = Client(b"ab", last=disconnect)

    asyncio.run(Bridge(application(Answer(), environs), threads=1)(SCOPE, client.receive, client.send))

    assert client.sent == []
    assert environs == []


def test_a_client_that_does_not_read_in_time_loses_its_connection_and_the_answer_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bridge, "PART_SECONDS", 0.05)
    answer, client = Answer(*[b"x" * bridge.PART_BYTES] * 3), Client(b"abcd")

    async def send(message: Message) -> None:
        await client.send(message)
        if message["type"] == "http.response.body":
            await forever()

    async def serve() -> None:
        await Bridge(application(answer), threads=1)(SCOPE, client.receive, send)

    asyncio.run(serve())

    assert len(client.sent) == 2
    assert client.sent[1]["more_body"]
    assert answer.closed.wait(5)


def test_many_slow_readers_hold_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Bridge(application(Answer(*[b"x" * bridge.PART_BYTES] * 3)), threads=1)
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

    assert client.answer == (200, b"x" * bridge.PART_BYTES * 3)


@pytest.mark.parametrize("path", ["/healthz", "/other"])
def test_what_is_reserved_is_answered_while_all_threads_wait(path: str) -> None:
    released = threading.Event()

    def wsgi(environ: dict[str, Any], start_response: Any) -> Answer:
        if environ["PATH_INFO"] == "/waits":
            released.wait(10)
        start_response("200 OK", [])
        return Answer(b"x")

    async def serve() -> bool:
        both = Bridge(wsgi, threads=2, reserved=frozenset({"/healthz"}))
        waiting = [asyncio.create_task(ask(both, "/waits")) for _ in range(4)]
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
        assert client.answer == (200, b"x")

    assert asyncio.run(serve()) is (path == "/healthz")


def test_a_request_whose_client_has_left_before_a_thread_was_free_is_not_computed() -> None:
    released, paths = threading.Event(), []

    def wsgi(environ: dict[str, Any], start_response: Any) -> Answer:
        paths.append(environ["PATH_INFO"])
        released.wait(10)
        start_response("200 OK", [])
        return Answer(b"x")

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


def test_an_answer_under_way_is_closed_when_its_client_leaves() -> None:
    began, released, answer = threading.Event(), threading.Event(), Answer(b"x")

    def wsgi(environ: dict[str, Any], start_response: Any) -> Answer:
        began.set()
        released.wait(10)
        start_response("200 OK", [])
        return answer

    async def serve() -> None:
        client = Client(b"abcd")
        task = asyncio.create_task(Bridge(wsgi, threads=2)(SCOPE, client.receive, client.send))
        await asyncio.to_thread(began.wait, 5)
        task.cancel()
        await asyncio.wait([task])
        released.set()

    asyncio.run(serve())

    assert answer.closed.wait(5)


class Lasting(Answer):
    """An answer that is a stream."""

    is_async = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
        await forever()


def test_a_stream_is_closed_when_its_client_leaves_and_holds_no_thread_before() -> None:
    streams = [Lasting(b"one", b"two") for _ in range(5)]
    waiting = iter(streams)

    def wsgi(environ: dict[str, Any], start_response: Any) -> Answer:
        start_response("200 OK", [])
        return next(waiting, Answer(b"computed"))

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
        assert last.answer == (200, b"computed")
        assert [client.answer for client in clients] == [(200, b"onetwo")] * 5
        assert not any(stream.closed.is_set() for stream in streams)
        gone.set()
        await asyncio.gather(*listening)

    asyncio.run(serve())

    assert all(stream.closed.wait(5) for stream in streams)


def test_a_stream_that_is_not_read_in_time_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "PART_SECONDS", 0.05)
    answer, client = Lasting(b"one"), Client(b"", last=forever)

    async def never_read(message: Message) -> None:
        if message["type"] == "http.response.body":
            await forever()

    async def serve() -> None:
        scope = SCOPE | {"method": "GET", "headers": []}
        await asyncio.wait_for(Bridge(application(answer), threads=1)(scope, client.receive, never_read), 5)

    asyncio.run(serve())

    assert answer.closed.wait(5)
