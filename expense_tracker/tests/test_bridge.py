"""The bridge from ASGI to WSGI: requests, responses and their time-outs"""

import asyncio
from typing import Any

import pytest

from expense_tracker import bridge
from expense_tracker.bridge import Bridge, Message
from expense_tracker.tests.asgi_clients import SCOPE, Client, ResponseBody, application, disconnect, forever


def test_request_becomes_an_environ_and_the_response_messages() -> None:
    environs: list[dict[str, Any]] = []
    response, client = ResponseBody(b"one ", b"two"), Client(b"ab", b"cd")

    asyncio.run(Bridge(application(response, environs), threads=1)(SCOPE, client.receive, client.send))

    assert client.sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1")],
        },
        {"type": "http.response.body", "body": b"one two"},
    ]
    assert response.closed.is_set()
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


def test_slow_body_returns_408_and_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05)
    client = Client(b"ab", last=forever)

    asyncio.run(Bridge(application(ResponseBody()), threads=1)(SCOPE, client.receive, client.send))

    assert client.response == (408, b"")
    assert (b"connection", b"close") in client.sent[0]["headers"]


def test_endless_chunked_body_returns_413(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "MAX_BODY_BYTES", 10)
    scope = SCOPE | {"headers": [(b"transfer-encoding", b"chunked")]}
    client = Client(b"12345", b"678901", last=forever)

    asyncio.run(Bridge(application(ResponseBody()), threads=1)(scope, client.receive, client.send))

    assert client.response == (413, b"")
    assert (b"connection", b"close") in client.sent[0]["headers"]


def test_client_that_leaves_during_its_body_gets_no_response() -> None:
    environs: list[dict[str, Any]] = []
    client = Client(b"ab", last=disconnect)

    asyncio.run(Bridge(application(ResponseBody(), environs), threads=1)(SCOPE, client.receive, client.send))

    assert client.sent == []
    assert environs == []


def test_slow_reader_is_disconnected_and_the_response_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bridge, "PART_SECONDS", 0.05)
    response, client = ResponseBody(*[b"x" * bridge.PART_BYTES] * 3), Client(b"abcd")

    async def send(message: Message) -> None:
        await client.send(message)
        if message["type"] == "http.response.body":
            await forever()

    async def serve() -> None:
        await Bridge(application(response), threads=1)(SCOPE, client.receive, send)

    asyncio.run(serve())

    assert len(client.sent) == 2
    assert client.sent[1]["more_body"]
    assert response.closed.wait(5)
