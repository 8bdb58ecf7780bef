"""The kinds of requests that are measured."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PAGE = 50
LIST = f"/api/expenses?limit={PAGE}"
EXPENSE = json.dumps({"amount": 2500, "category": "Food", "description": "Lunch with team members"})
# In the growth table: one that reads, one that writes, and one that should do neither.
GROWING = ("list", "create", "poll")


@dataclass(frozen=True)
class Person:
    """One of those in whose name requests are sent."""

    user_id: int
    username: str
    password: str
    token: str
    expense_ids: tuple[int, ...]
    revision: int


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    token: str = ""
    etag: str = ""
    body: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Those that requests.lua sends, too."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"If-None-Match": self.etag} if self.etag else {}
        return headers | ({"Content-Type": "application/json"} if self.body else {})

    def line(self) -> str:
        """As requests.lua reads it."""
        return "\t".join((self.method, self.path, self.token, self.etag, self.body))


@dataclass(frozen=True)
class Kind:
    """Requests that cost alike, and the status of every answer to them. wrk sends them in random order."""

    name: str
    status: int
    requests: tuple[Request, ...]


def make_kinds(readers: list[Person], writers: list[Person], *, etag_of: Callable[[Request], str]) -> list[Kind]:
    """Nobody writes for the `readers`: their pages stay as long as they are and their entity tags stay true, however
    many rounds there are. `etag_of` answers the tag that the list has now."""

    def gets(path: Callable[[Person], str]) -> Iterable[Request]:
        return (Request("GET", path(person), person.token) for person in readers)

    def of_each_expense(people: list[Person], method: str, body: str = "") -> Iterable[Request]:
        return (
            Request(method, f"/api/expenses/{expense_id}", person.token, body=body)
            for person in people
            for expense_id in person.expense_ids
        )

    def login(person: Person) -> Request:
        body = json.dumps({"username": person.username, "password": person.password})
        return Request("POST", "/api/login", body=body)

    lists = tuple(gets(lambda _: LIST))
    kinds: list[tuple[str, int, Iterable[Request]]] = [
        ("list", 200, lists),
        ("filtered list", 200, gets(lambda _: f"{LIST}&category=Food")),
        ("poll", 304, (Request("GET", LIST, request.token, etag_of(request)) for request in lists)),
        ("detail", 200, of_each_expense(readers, "GET")),
        ("create", 200, (Request("POST", "/api/create", person.token, body=EXPENSE) for person in writers)),
        ("update", 200, of_each_expense(writers, "PUT", EXPENSE)),
        ("summary", 200, gets(lambda _: "/api/expenses/summary?group_by=category,month")),
        ("changes", 200, gets(lambda person: f"/api/expenses/changes?since={person.revision // 2}")),
        ("login", 200, map(login, writers)),
    ]
    return [Kind(name, status, tuple(requests)) for name, status, requests in kinds]


def mix(kinds: list[Kind], *, but: str) -> Kind:
    """All kinds in equal shares but the one of the name `but`."""
    chosen = [kind for kind in kinds if kind.name != but]
    most = max(len(kind.requests) for kind in chosen)
    requests = (kind.requests[place % len(kind.requests)] for kind in chosen for place in range(most))
    return Kind("mix", 200, tuple(requests))
