"""A client that sends what it should not, and complains about the responses."""

import time
from typing import Any

import orjson
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import Session, User
from expenses.models import Budget, Expense, IdempotencyRecord


def state() -> list[Any]:
    """How much there is of everybody and how often it was changed, asked for at once; all but what limits count."""
    tables = (model._meta.db_table for model in (User, Session, Expense, Budget, IdempotencyRecord))
    columns = [f"(SELECT count(*) FROM {table})" for table in tables]  # noqa: S608  # nosec B608  # no value
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT user_id, revision, {', '.join(columns)} FROM accounts_ledger ORDER BY 1")  # noqa: S608  # nosec B608
        return list(cursor.fetchall())


class Attacker:
    """Sends requests, and complains about the responses."""

    def __init__(self, client: APIClient) -> None:
        self.client = client
        self.complaints: list[str] = []
        self.state = state()

    def send(self, what: str, method: str, path: str, body: Any = "", **options: Any) -> None:
        # A second of computing, which the load of the machine does not lengthen; waiting is for tests of the database.
        start = time.thread_time()
        response = self.client.generic(method, path, body, **options)
        seconds = time.thread_time() - start
        before, self.state = self.state, state()
        content, content_type = response.getvalue(), response.get("Content-Type", "")
        expected = "application/problem+json" if response.status_code >= 400 else "application/json"
        wrong = {
            "is a 5xx": response.status_code >= 500,
            f"takes {seconds:.1f} s": seconds >= 1,
            "has changed something": response.status_code >= 300 and self.state != before,
            "is of another type": content_type != expected and response.status_code != 304 and "export" not in path,
        }
        if content and "json" in content_type:
            orjson.loads(content)
        if any(wrong.values()):
            said = ", ".join(complaint for complaint, true in wrong.items() if true)
            self.complaints.append(f"{response.status_code} {said}: {what[:80]!r} {content[:80]!r}")
