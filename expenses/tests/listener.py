"""A client of `GET /api/expenses/live`."""

import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from queue import Empty, SimpleQueue
from socket import SHUT_RDWR
from threading import Thread
from typing import Any, NamedTuple

import orjson

from expense_tracker.tests.servers import Server


class Event(NamedTuple):
    name: str
    id: str
    data: Any


class Listener:
    """One stream, which a thread reads until it ends."""

    def __init__(self, server: Server, token: str = "", query: str = "", **headers: str) -> None:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {token or server.token}"
        self.connection = connection = HTTPConnection(*server.address, timeout=60)
        connection.request("GET", f"/api/expenses/live{query}", headers=headers)
        self.socket = connection.sock
        self.response = connection.getresponse()
        self.status, self.headers = self.response.status, self.response.headers
        self.lines: list[str] = []
        self.queue: SimpleQueue[Event | None] = SimpleQueue()
        self.thread = Thread(target=self.read, daemon=True)
        if self.status == 200:
            self.thread.start()

    def json(self) -> Any:
        """Return the body of a refusal."""
        body = self.response.read()
        self.close()
        return orjson.loads(body)

    def read(self) -> None:
        members: dict[str, str] = {}
        with suppress(OSError, HTTPException, ValueError):  # closed, or its server was killed
            for line in self.response:
                text = line.decode().rstrip("\n")
                self.lines.append(text)
                if text:
                    name, _, value = text.partition(": ")
                    members[name] = value
                elif "event" in members:
                    event = Event(members["event"], members.get("id", ""), orjson.loads(members["data"]))
                    self.queue.put(event)
                    members = {}
        self.queue.put(None)

    def event(self, seconds: float = 10) -> Event | None:
        """Return the next event, or None at the end. Raise Empty where none comes in time."""
        return self.queue.get(timeout=seconds)

    def events_for(self, seconds: float) -> list[Event]:
        """Return what comes within so many seconds."""
        events, deadline = [], time.monotonic() + seconds
        with suppress(Empty):
            while event := self.event(max(0.001, deadline - time.monotonic())):
                events.append(event)
        return events

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(SHUT_RDWR)
        if self.thread.is_alive():
            self.thread.join()
        self.response.close()
        self.connection.close()


def moved_to(revision: int) -> Event:
    return Event("revision", str(revision), {"revision": revision})


def ended(reason: str) -> Event:
    return Event("end", "", {"reason": reason})
