"""GET /api/expenses/live: what it refuses, what it costs, and what the watcher does when the database is away."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from accounts.models import Session
from expense_tracker.environ import STREAMS
from expense_tracker.tests.people import PASSWORD
from expense_tracker.tests.servers import Server, empty_database, serving
from expenses import live
from expenses.live import Watcher
from expenses.tests.listener import Listener

PATH = "/api/expenses/live"
AS_ASGI: dict[str, Any] = {STREAMS: True}


def test_wsgi_returns_501_that_names_polling(alice: APIClient) -> None:
    response = alice.get(PATH)

    assert response.status_code == 501
    assert response["Content-Type"] == "application/problem+json"
    detail = "This server cannot stream. Poll GET /api/expenses/changes with If-None-Match instead."
    assert response.json() == {"detail": detail, "code": "not_implemented"}


@pytest.mark.parametrize(
    ("query", "headers", "detail"),
    [
        ("?limit=1", {}, "limit: Unknown parameter. Allowed parameters: since."),
        ("?since=1&since=2", {}, "since: This parameter can be given only once."),
        ("?since=-1", {}, "since: Enter an integer from 0 to 9223372036854775807."),
        ("", {"HTTP_LAST_EVENT_ID": "abc"}, "Last-Event-ID must be the id of an event that you got."),
        ("?since=1", {"HTTP_LAST_EVENT_ID": "\u0661"}, "Last-Event-ID must be the id of an event that you got."),
    ],
)
def test_invalid_parameter_or_header_returns_400(
    alice: APIClient, query: str, headers: dict[str, Any], detail: str
) -> None:
    response = alice.get(PATH + query, **headers, **AS_ASGI)

    assert response.status_code == 400
    assert response.json()["detail"] == detail


def test_read_only_token_may_listen(alice: APIClient) -> None:
    body = {"name": "Script", "expires_in_days": 1, "scope": "read"}
    token = alice.post("/api/sessions", body).json()["access_token"]

    response = APIClient().get(PATH, HTTP_AUTHORIZATION=f"Bearer {token}", **AS_ASGI)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/event-stream"
    assert [stream.user_id for stream in live.watcher.listening()] == [alice.get("/api/me").json()["id"]]
    response.close()
    assert live.watcher.listening() == []


def test_requests_past_the_limit_return_429(alice: APIClient, settings: Any) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 1
    alice.head(PATH, **AS_ASGI)

    assert alice.get(PATH, **AS_ASGI).status_code == 429


def session_of(username: str) -> Session:
    session: Session = Session.objects.select_related("user__revision_counter").get(user__username=username)
    return session


def listen(watcher: Watcher, username: str, seen: int | None = None) -> Any:
    session = session_of(username)
    session.token_expires_at = time.time() + 60
    return watcher.listen(session, seen=seen)


async def text_of(stream: Any, parts: int) -> str:
    iterator = aiter(stream)
    return "".join([(await anext(iterator)).decode() for _ in range(parts)])


def test_outage_ends_no_stream(alice: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LIVE_INTERVAL_MS = 1
    watcher = Watcher()
    stream = listen(watcher, "alice", seen=0)
    outcomes: list[Any] = [OperationalError("away"), OperationalError("away"), {}, ValueError("a fault of ours")]

    def read(session_ids: set[Any]) -> dict[Any, int]:
        outcome = outcomes.pop(0) if outcomes else {stream.session_id: 7}
        if isinstance(outcome, Exception):
            raise outcome
        return outcome or {stream.session_id: 0}

    monkeypatch.setattr(live, "read_revisions", read)

    text = asyncio.run(asyncio.wait_for(text_of(stream, 2), 5))

    assert text == 'retry: 3000\n\nid: 7\nevent: revision\ndata: {"revision":7}\n\n'
    assert outcomes == []


def test_stream_sends_a_comment_every_15_seconds(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert live.COMMENT_SECONDS == 15
    monkeypatch.setattr(live, "COMMENT_SECONDS", 0.02)
    monkeypatch.setattr(live, "read_revisions", lambda ids: dict.fromkeys(ids, 0))

    text = asyncio.run(asyncio.wait_for(text_of(listen(Watcher(), "alice", seen=0), 3), 5))

    assert text == "retry: 3000\n\n:\n\n:\n\n"


def test_one_statement_serves_all_listeners(alice: APIClient, bob: APIClient, django_assert_num_queries: Any) -> None:
    alice.post("/api/expenses", {"amount": 1, "category": "Food"})
    sessions = {session_of(name).pk: revision for name, revision in (("alice", 1), ("bob", 0))}

    # Sessions with their users and revision counters.
    with django_assert_num_queries(1):
        assert Session.objects.revisions(sessions) == sessions
    bob.post("/api/logout")
    assert Session.objects.revisions(sessions) == {session_of("alice").pk: 1}


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("live")
    limits = {"LIVE_STREAMS": "30", "LIVE_STREAMS_PER_USER": "20", "LIVE_INTERVAL_MS": "100", "WEB_THREADS": "3"}
    log = folder / "log"
    with empty_database(folder) as url, log.open("wb") as file, serving("gunicorn", url, file, **limits) as running:
        running.post("/api/register", {"username": "bob", "password": PASSWORD})
        yield running, log


def open_until_refused(server: Server, token: str = "") -> tuple[list[Listener], Listener]:
    listeners = []
    while (listener := Listener(server, token)).status == 200:
        listeners.append(listener)
    return listeners, listener


@pytest.mark.slow
def test_streams_past_a_limit_are_refused_until_others_are_closed(limited: tuple[Server, Path]) -> None:
    server, bob = limited[0], limited[0].log_in("bob")
    alices, refused = open_until_refused(server)
    assert len(alices) == 20
    assert (refused.status, refused.headers["Retry-After"]) == (429, "15")
    detail = "You have as many streams open as you may. Close one. Try again in 15 seconds."
    assert refused.json() == {"detail": detail, "code": "too_many_streams"}
    bobs, refused = open_until_refused(server, bob)
    assert len(bobs) == 10
    assert (refused.status, refused.headers["Retry-After"]) == (503, "15")
    detail = "Too many are listening at the moment. Try again in a moment."
    assert refused.json() == {"detail": detail, "code": "too_many_listeners"}

    threads = len(list(Path(f"/proc/{worker_of(server)}/task").iterdir()))
    assert threads <= 3 + 1 + 2 + 1 + 1  # for requests, health, parts and revisions, and the main one

    for listener in (*alices, *bobs):
        listener.close()
    time.sleep(0.5)
    with closing(Listener(server)) as listener:
        assert listener.status == 200


def worker_of(server: Server) -> int:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return int(children.split()[0])


@pytest.mark.slow
def test_log_line_is_written_at_the_end_with_the_duration(limited: tuple[Server, Path]) -> None:
    server, log = limited
    with closing(Listener(server, X_Request_Id="live-1")) as listener:
        assert listener.event()
        time.sleep(1)
        assert b"live-1" not in log.read_bytes()
    time.sleep(0.5)

    [line] = [orjson.loads(each) for each in log.read_bytes().splitlines() if b"live-1" in each]
    assert 1 <= line.pop("seconds") < 3
    assert {name: line[name] for name in ("message", "method", "route", "status", "user_id")} == {
        "message": "request",
        "method": "GET",
        "route": "api/expenses/live",
        "status": 200,
        "user_id": 1,
    }
    assert "milliseconds" not in line
