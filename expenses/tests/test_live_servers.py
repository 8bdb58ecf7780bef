"""GET /api/expenses/live of real servers: two workers, and every way in which something can change."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from copy import copy
from operator import itemgetter
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import jwt
import orjson
import psycopg
import pytest
from django.db import connection

from expense_tracker.tests.people import PASSWORD
from expense_tracker.tests.servers import SERVERS, Server, empty_database, serving
from expenses.tests.listener import Listener, ended, moved_to
from expenses.tests.live_writes import (
    LUNCH,
    budget,
    bulk,
    create,
    delete_in_the_admin,
    import_by_command,
    import_file,
    write_at_random,
)

pytestmark = pytest.mark.slow
INTERVAL = 0.2
SETTINGS = {"LIVE_INTERVAL_MS": "200", "USER_REQUESTS_PER_MINUTE": "100000", "LOGINS_PER_ADDRESS": "1000"}


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with empty_database(tmp_path_factory.mktemp("live")) as url:
        yield url


@pytest.fixture(scope="module")
def server(database_url: str) -> Iterator[Server]:
    with serving("gunicorn", database_url, WEB_CONCURRENCY="2", **SETTINGS) as running:
        running.post("/api/register", {"username": "bob", "password": PASSWORD})
        yield running


def revision_of(server: Server, token: str = "") -> int:
    response = server.send("GET /api/expenses/changes", f"Authorization: Bearer {token or server.token}").json()
    return int(response["revision"])


@pytest.mark.parametrize("write", [create, bulk, budget, import_file, import_by_command, delete_in_the_admin])
def test_change_reaches_listeners_of_its_user_in_every_process(
    server: Server, tmp_path: Path, write: Callable[[Server, Path], None]
) -> None:
    before, bob = revision_of(server), server.log_in("bob")
    listeners = [Listener(server) for _ in range(8)]
    other = Listener(server, bob)
    assert [listener.event() for listener in listeners] == [moved_to(before)] * 8
    assert other.event() == moved_to(0)

    write(server, tmp_path)

    after = revision_of(server)
    assert after > before
    assert [listener.event() for listener in listeners] == [moved_to(after)] * 8
    assert other.events_for(3 * INTERVAL) == []
    for listener in (*listeners, other):
        listener.close()


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_streams(tmp_path: Path, name: str) -> None:
    with empty_database(tmp_path) as url, serving(name, url, **SETTINGS) as server, closing(Listener(server)) as live:
        assert live.status == 200
        assert live.headers["Content-Type"] == "text/event-stream"
        assert live.headers["Cache-Control"] == "no-store"
        assert live.headers["X-Accel-Buffering"] == "no"
        assert live.event() == moved_to(1)
        assert live.lines[:2] == ["retry: 3000", ""]
        create(server)
        assert live.event() == moved_to(2)
        server.process.terminate()
        start = time.monotonic()
        assert live.event() == ended("shutdown")
        assert live.event() is None
        assert time.monotonic() - start < 1


def test_several_changes_within_an_interval_are_one_event(tmp_path: Path) -> None:
    more = SETTINGS | {"LIVE_INTERVAL_MS": "1500"}
    with empty_database(tmp_path) as url, serving("gunicorn", url, **more) as server, closing(Listener(server)) as live:
        first = live.event()
        assert first
        for _ in range(5):
            create(server)
        last = first.data["revision"] + 5
        events = live.events_for(4)

        assert 1 <= len(events) <= 2  # an interval may end in the middle
        assert events[-1] == moved_to(last)


@pytest.mark.parametrize("by", ["header", "parameter", "both"])
def test_client_at_the_current_revision_gets_no_first_event(server: Server, by: str) -> None:
    seen = revision_of(server)
    query = {"header": "", "parameter": f"?since={seen}", "both": "?since=0"}[by]
    headers = {} if by == "parameter" else {"Last_Event_ID": str(seen)}

    with closing(Listener(server, query=query, **headers)) as live:
        assert live.events_for(3 * INTERVAL) == []
        create(server)
        assert live.event() == moved_to(seen + 1)


def log_out(server: Server, token: str) -> None:
    assert server.send("POST /api/logout", f"Authorization: Bearer {token}", "Content-Length: 0").status == 200


def change_password(server: Server, token: str) -> None:
    body = orjson.dumps({"current_password": PASSWORD, "new_password": PASSWORD + "2"})
    headers = ("Content-Type: application/json", f"Content-Length: {len(body)}", f"Authorization: Bearer {token}")
    assert server.send("POST /api/me/password", *headers, body=body).status == 200


def deactivate(server: Server, token: str) -> None:
    script = "from accounts.models import User; User.objects.filter(username='{}').update(is_active=False)"
    name = jwt.decode(token, options={"verify_signature": False})["sub"]
    server.manage("shell", "--command", script.replace("username='{}'", f"pk={name}"))


@pytest.mark.parametrize("end", [log_out, change_password, deactivate])
def test_stream_ends_with_its_session(server: Server, end: Callable[[Server, str], None]) -> None:
    server.post("/api/register", {"username": end.__name__, "password": PASSWORD})
    token = server.log_in(end.__name__)
    lives, other = [Listener(server, token) for _ in range(4)], Listener(server)
    assert [live.event() for live in lives] == [moved_to(0)] * 4
    assert other.event()

    end(server, token)

    start = time.monotonic()
    assert [(live.event(), live.event()) for live in lives] == [(ended("session_ended"), None)] * 4
    assert time.monotonic() - start < 2 * INTERVAL + 0.5
    assert other.events_for(2 * INTERVAL) == []
    other.close()


def test_stream_ends_when_its_token_expires(server: Server) -> None:
    claims: dict[str, Any] = jwt.decode(server.token, options={"verify_signature": False})
    claims["exp"] = int(time.time()) + 2
    token = jwt.encode(claims, server.environment["SECRET_KEY"], algorithm="HS256")

    live = Listener(server, token)

    assert live.event()
    assert live.event() == ended("token_expired")
    assert 0 <= time.time() - claims["exp"] < 0.5
    assert live.event() is None


def test_client_that_reads_nothing_delays_nobody(server: Server) -> None:
    request = f"GET /api/expenses/live HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(4):
            deaf = stack.enter_context(socket.create_connection(server.address))
            deaf.sendall(request.encode())
        live = stack.enter_context(closing(Listener(server)))
        first = live.event()
        assert first
        for number in range(1, 4):
            create(server)
            assert live.event(1) == moved_to(first.data["revision"] + number)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only a server can end connections")
def test_stream_survives_terminated_database_connections(server: Server, database_url: str) -> None:
    with closing(Listener(server)) as live:
        first = live.event()
        assert first
        with psycopg.connect(database_url, autocommit=True) as administrator:
            terminated = administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        assert terminated
        while "id" not in server.post("/api/expenses", LUNCH):
            time.sleep(0.1)  # a 503 for each connection that has just gone

        assert live.event() == moved_to(first.data["revision"] + 1)


def test_copy_of_a_reconnecting_client_ends_equal_to_the_list(server: Server) -> None:
    server.post("/api/register", {"username": "copy", "password": PASSWORD})
    device = copy(server)
    device.token = device.log_in("copy")
    chance = Random(15)  # noqa: S311  # no secret
    writing = Thread(target=write_at_random, args=(device, Random(16)))  # noqa: S311  # likewise
    writing.start()
    stored: dict[int, Any] = {}
    since, is_last_round = 0, False
    while not is_last_round:
        is_last_round = not writing.is_alive()
        with closing(Listener(device, query=f"?since={since}")) as live:
            for _ in range(chance.randint(1, 3)):
                if live.events_for(chance.random() / 2) or is_last_round:
                    since = follow(device, stored, since)

    listed = device.send("GET /api/expenses").json()
    assert len(listed) > 10
    assert sorted(stored.values(), key=itemgetter("id")) == sorted(listed, key=itemgetter("id"))


def follow(device: Server, stored: dict[int, Any], since: int) -> int:
    """Bring the copy up to date. Return the revision to go on from."""
    while True:
        changes = device.send(f"GET /api/expenses/changes?limit=5&since={since}").json()
        stored.update({row["id"]: row for row in changes["changed"]})
        for row in changes["deleted"]:
            stored.pop(row["id"], None)
        since = changes["revision"]
        if not changes["has_more"]:
            return since
