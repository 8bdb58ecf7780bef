"""What clients of several nodes do: they write with keys, refresh their tokens, follow the changes and listen to them,
and send again what was not done, as clients should."""

import http.client
import json
import secrets
import threading
import time
from contextlib import suppress
from socket import SHUT_RDWR, socket
from typing import Any

from faults.client import PASSWORD, Answer, Client

CONFLICT = 409
UNAUTHORIZED = 401
OK = 200
AGAIN_SECONDS = 0.1
PAUSE_SECONDS = 0.05
FINISH_SECONDS = 30


class Person(threading.Thread):
    """Sends one request after the other until it is stopped, with what was not done once more."""

    def __init__(self, port: int, headers: dict[str, str], stopped: threading.Event) -> None:
        super().__init__()
        self.client, self.stopped = Client(port, headers), stopped
        self.answers: list[Answer] = []

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """The answer that settles it: neither none, nor to come back later, nor that the same is under way."""
        deadline = time.monotonic() + FINISH_SECONDS
        while True:
            answer = self.client.request(method, path, body, headers)
            self.answers.append(answer)
            is_settled = 0 < answer.status < 500 and answer.status != CONFLICT  # noqa: PLR2004  # errors of servers
            if is_settled or time.monotonic() > deadline:
                return answer
            time.sleep(AGAIN_SECONDS)

    def step(self) -> None:
        raise NotImplementedError

    def run(self) -> None:
        while not self.stopped.wait(PAUSE_SECONDS):
            self.step()
        self.client.close()


class Writer(Person):
    """Each expense has a description of its own, by which it is found again."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.acknowledged: list[str] = []
        self.revision = 0

    def step(self) -> None:
        description = secrets.token_hex(8)
        body = {"amount": 1250, "category": "Food", "description": description}
        answer = self.ask("POST", "/api/expenses", body, {"Idempotency-Key": description})
        if answer.is_success:
            self.acknowledged.append(description)
            self.revision = json.loads(answer.body)["revision"]


class Follower(Person):
    """Keeps a copy of what the user has, by the changes since the last time."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.revision, self.copy = 0, dict[int, str]()

    def step(self) -> None:
        answer = self.ask("GET", f"/api/expenses/changes?since={self.revision}")
        if answer.is_success:
            changes = json.loads(answer.body)
            self.copy |= {row["id"]: row["description"] for row in changes["changed"]}
            self.revision = changes["revision"]


class Refresher(Person):
    """Uses each new token at once, at whatever node."""

    def __init__(self, port: int, name: str, stopped: threading.Event) -> None:
        super().__init__(port, {}, stopped)
        self.credentials = {"username": name, "password": PASSWORD}
        self.refresh_token, self.refreshed, self.lost = "", 0, 0

    def step(self) -> None:
        if self.refresh_token:
            answer = self.ask("POST", "/api/refresh", {"refresh_token": self.refresh_token})
        else:
            answer = self.ask("POST", "/api/login", self.credentials)
        if answer.is_success:
            tokens = json.loads(answer.body)
            self.refresh_token = tokens["refresh_token"]
            me = self.ask("GET", "/api/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
            self.refreshed += me.is_success
            answer = me
        if answer.status == UNAUTHORIZED:
            self.lost, self.refresh_token = self.lost + 1, ""


class Listener(Person):
    """Hears of each revision, on one stream after the other."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.revision, self.streams, self.cut = 0, 0, 0
        self.socket: socket | None = None

    def step(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.client.port, timeout=60)
        start, is_ended = time.monotonic(), False
        try:
            connection.request("GET", f"/api/expenses/live?since={self.revision}", headers=self.client.headers)
            self.socket = connection.sock
            response = connection.getresponse()
            if response.status != OK:
                body, retry_after = response.read(), response.getheader("Retry-After")
                self.answers.append(Answer(start, time.monotonic() - start, response.status, body, retry_after))
                return
            self.answers.append(Answer(start, time.monotonic() - start, OK))
            self.streams += 1
            for line in response:
                if line.startswith(b"id: "):
                    self.revision = int(line[4:])
                is_ended = is_ended or line == b"event: end\n"
        except (OSError, http.client.HTTPException) as error:
            if not self.answers or self.answers[-1].start < start:
                self.answers.append(Answer(start, time.monotonic() - start, error=type(error).__name__))
        finally:
            connection.close()
        self.cut += not is_ended and not self.stopped.is_set()

    def close(self) -> None:
        """What it waits for ends."""
        if self.socket:
            with suppress(OSError):
                self.socket.shutdown(SHUT_RDWR)
