"""Exports while others write: every expense once, and all as they were at one moment."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.tests.concurrency import interleave, with_own_connection
from expenses import exports
from expenses.tests.api import spend

PATH = "/api/expenses/export"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "CHUNK", 3)


def exported(client: Client, path: str = f"{PATH}?format=json") -> list[dict[str, Any]]:
    response = client.get(path)
    assert response.status_code == 200
    expenses: list[dict[str, Any]] = json.loads(response.getvalue())
    return expenses


@pytest.mark.parametrize("name", ["csv", "json"])
def test_what_changes_after_the_first_rows_are_read_is_not_in_the_file(alice: APIClient, name: str) -> None:
    expenses = [spend(alice, date=f"2026-01-{day:02}", description=str(day)) for day in range(1, 8)]
    first, last = expenses[0], expenses[-1]

    def change() -> None:
        assert alice.patch(f"/api/expenses/{first['id']}", {"date": "2026-02-01"}).status_code == 200
        assert alice.patch(f"/api/expenses/{last['id']}", {"date": "2025-01-01"}).status_code == 200
        assert alice.delete(f"/api/expenses/{expenses[3]['id']}").status_code == 200
        spend(alice, date="2025-01-01", description="new")

    with interleave(change, after="LIMIT 3"):
        content = alice.get(f"{PATH}?format={name}").getvalue().decode()

    read: Any = json.loads(content) if name == "json" else csv.DictReader(io.StringIO(content, newline=""))
    assert [row["description"] for row in read] == ["7", "6", "5", "4", "3", "2", "1"]
    assert [row["description"] for row in exported(alice)] == ["1", "6", "5", "3", "2", "new", "7"]


def test_an_export_of_the_admin_has_the_expenses_of_each_owner_at_one_moment(
    admin_client: Client, alice: APIClient, bob: APIClient
) -> None:
    for client in (alice, bob):
        for day in range(1, 8):
            spend(client, date=f"2026-01-{day:02}", description=str(day))
    oldest = alice.get("/api/expenses?ordering=date&limit=1").json()[0]

    def change() -> None:
        assert alice.patch(f"/api/expenses/{oldest['id']}", {"date": "2026-02-01"}).status_code == 200

    with interleave(change, after="LIMIT 3"):
        rows = exported(admin_client, "/admin/expenses/expense/export/json/")

    assert [row["description"] for row in rows] == ["7", "6", "5", "4", "3", "2", "1"] * 2


@contextmanager
def changing(work: Callable[[int], None], threads: int = 3) -> Iterator[None]:
    """Do the work again and again, with ascending numbers, in threads of its own."""
    stopped = Event()

    def repeat(first: int) -> None:
        for number in count(first, threads):
            if stopped.is_set():
                return
            work(number)

    with ThreadPoolExecutor(threads) as pool:
        working = [pool.submit(with_own_connection, repeat, first) for first in range(threads)]
        try:
            yield
        finally:
            stopped.set()
        for each in working:
            each.result()


@pytest.mark.slow
def test_exports_amid_edits_have_every_expense_once_and_pairs_that_always_match(
    alice: APIClient, unlimited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 20)
    pairs = 140
    create = [{"amount": 1000, "category": "Food", "date": f"2026-01-{day:02}"} for day in range(1, 29)] * 10
    ids = [one["id"] for one in alice.post("/api/expenses/bulk", {"create": create}).json()["created"]]

    def move(number: int) -> None:
        """Both expenses of a pair go to other days, in one transaction; together they stay 2,000 cents."""
        pair, more, day = number % pairs, number % 999, number % 28 + 1
        update = [
            {"id": ids[pair], "amount": 1000 + more, "date": f"2026-01-{day:02}"},
            {"id": ids[pair + pairs], "amount": 1000 - more, "date": f"2026-01-{29 - day:02}"},
        ]
        assert alice.post("/api/expenses/bulk", {"update": update}).status_code == 200

    with changing(move):
        files = [exported(alice) for _ in range(12)]

    for rows in files:
        amounts = {row["id"]: row["amount"] for row in rows}
        assert sorted(row["id"] for row in rows) == sorted(ids)
        assert {amounts[ids[pair]] + amounts[ids[pair + pairs]] for pair in range(pairs)} == {2000}


def test_no_transaction_is_open_while_a_client_reads(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "PART_BYTES", 10)
    for _ in range(5):
        spend(alice)

    parts = iter(alice.get(PATH))
    next(parts)

    assert not connection.in_atomic_block
    assert User.objects.get().revision_counter.revision == 5
    assert b"".join(parts).count(b"Food") == 5
