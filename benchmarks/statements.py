"""What a request asks of the database, found by doing it here once more with Django's test client."""

from dataclasses import dataclass

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.kinds import Kind, Request

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Statements:
    """How many statements, and how many more that only begin or end a transaction or a part of one."""

    data: int
    transaction: int

    def __str__(self) -> str:
        return f"{self.data}+{self.transaction}" if self.transaction else str(self.data)


def send(request: Request) -> HttpResponse:
    client = Client(SERVER_NAME="127.0.0.1")
    return client.generic(  # type: ignore[return-value]  # the test client's own class is a subclass only at run time
        request.method, request.path, request.body, content_type="application/json", headers=request.headers
    )


def etag_of(request: Request) -> str:
    return send(request)["ETag"]


def count_statements(kind: Kind) -> Statements:
    send(kind.requests[0])  # what only the first request of a process does does not count
    with CaptureQueriesContext(connection) as captured:
        response = send(kind.requests[-1])
    if response.status_code != kind.status:
        raise SystemExit(f"benchmarks: {kind.name} was answered with {response.status_code}, not with {kind.status}")
    transaction = sum(query["sql"].startswith(TRANSACTION) for query in captured)
    return Statements(len(captured) - transaction, transaction)
