"""The sums of all users, which triggers keep: they agree with the expenses whatever is written."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from expenses import actions
from expenses.models import Expense, SpendingTotal, spending_total

migration: Any = import_module("expenses.migrations.0012_spending_totals")
FILE = b"date,amount,category\n2026-05-21,3.00,Fun\n2020-01-31,4.00,Fun\n2020-01-30,5.00,Fun\n"
LAST_MONTH = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def may(freeze: Callable[[date], object]) -> None:
    freeze(date(2026, 5, 21))


def add_up(rows: Iterable[tuple[date, str, int, int]], *, days_since: date) -> dict[tuple[date, str], tuple[int, int]]:
    counts: Counter[tuple[date, str]] = Counter()
    cents: Counter[tuple[date, str]] = Counter()
    for day, category, count, total in rows:
        key = day.replace(day=1) if day < days_since else day, category
        counts[key] += count
        cents[key] += total
    return {key: (counts[key], cents[key]) for key in counts if counts[key] or cents[key]}


def kept(*, days_since: date = date.min) -> dict[tuple[date, str], tuple[int, int]]:
    rows = SpendingTotal.objects.values_list("date", "category", "count", "total")
    return add_up(rows, days_since=days_since)


def plain(*, days_since: date = date.min) -> dict[tuple[date, str], tuple[int, int]]:
    rows = Expense.objects.live().values_list("date", "category", "amount")
    return add_up(((day, category, 1, amount) for day, category, amount in rows), days_since=days_since)


def create(client: APIClient, **values: Any) -> int:
    expense_id: int = client.post(
        "/api/expenses", {"amount": 100, "category": "Food", "date": "2026-05-02"} | values
    ).json()["id"]
    return expense_id


def write_one(alice: APIClient) -> None:
    path = f"/api/expenses/{create(alice)}"
    assert alice.put(path, {"amount": 250, "category": "Food"}).status_code == 200
    assert alice.patch(path, {"category": "Fun"}).status_code == 200
    assert alice.patch(path, {"date": "2025-12-31"}).status_code == 200
    assert alice.patch(path, {"description": "Lunch"}).status_code == 200
    assert alice.post("/api/create", {"amount": 7, "category": "Food"}).status_code == 200


def delete_and_restore(alice: APIClient) -> None:
    kept_one, gone, back = [create(alice) for _ in range(3)]
    for expense_id in (gone, back):
        assert alice.delete(f"/api/expenses/{expense_id}").status_code == 200
    assert alice.post(f"/api/expenses/{back}/restore").status_code == 200
    assert alice.post(f"/api/expenses/{kept_one}/restore").status_code == 200


def write_many(alice: APIClient) -> None:
    first, second, third = [create(alice, amount=number) for number in (1, 2, 3)]
    response = alice.post(
        "/api/expenses/bulk",
        {
            "create": [{"amount": 10, "category": "Food"}, {"amount": 20, "category": "Fun", "date": "2026-01-21"}],
            "update": [{"id": first, "amount": 11}, {"id": second, "category": "Fun", "date": "2026-04-01"}],
            "delete": [{"id": third}],
        },
    )
    assert response.status_code == 200


def rename(alice: APIClient) -> None:
    for category in ("Food", "Food", "Fun"):
        create(alice, category=category)
    body = {"from": "Food", "to": "Fun", "merge": True}
    assert alice.post("/api/categories/rename", body).status_code == 200


def import_file(alice: APIClient) -> None:
    for _ in range(2):
        file = SimpleUploadedFile("expenses.csv", FILE, "text/csv")
        assert alice.post("/api/expenses/import", {"file": file}, format="multipart").status_code == 200


def write_as_staff(alice: APIClient) -> None:
    create(alice)
    user = User.objects.get(username="alice")
    expenses = [Expense.objects.get(pk=create(alice, amount=amount)) for amount in (5, 6)]
    actions.delete_expenses(expenses=expenses)
    actions.restore_expenses(expenses=expenses[:1])
    actions.update_expense(owner=user, expense_id=expenses[0].pk, changes={"amount": 77})


def purge(alice: APIClient) -> None:
    create(alice)
    alice.delete(f"/api/expenses/{create(alice)}")
    assert Expense.objects.in_trash().purge() == 1


def erase(alice: APIClient) -> None:
    create(alice)
    alice.delete(f"/api/expenses/{create(alice)}")
    User.objects.get(username="alice").delete()


WRITES = [write_one, delete_and_restore, write_many, rename, import_file, write_as_staff, purge, erase]


@pytest.mark.parametrize("write", WRITES)
def test_totals_agree_with_plain_sums_after_each_kind_of_write(
    alice: APIClient, bob: APIClient, write: Callable[[APIClient], None]
) -> None:
    create(bob, amount=1000)

    write(alice)

    assert kept() == plain()
    assert kept()


@pytest.mark.parametrize("at_once", [3, 50_000])
def test_totals_agree_after_prune_and_after_what_follows(
    alice: APIClient, bob: APIClient, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(spending_total, "MERGED_AT_ONCE", at_once)
    for write in (write_one, delete_and_restore, write_many, import_file):
        write(alice)
        create(bob, date="2025-02-28")

    call_command("prune")

    expected = plain(days_since=LAST_MONTH)
    assert kept() == expected
    assert SpendingTotal.objects.count() == len(expected)
    write_many(bob)
    rename(alice)
    assert kept(days_since=LAST_MONTH) == plain(days_since=LAST_MONTH)
    call_command("prune")
    assert kept(days_since=LAST_MONTH) == plain(days_since=LAST_MONTH)


def test_what_is_dated_later_keeps_its_day(alice: APIClient) -> None:
    create(alice, date="2026-05-22")
    create(alice, date="2026-06-01")

    call_command("prune")

    assert kept().keys() == {(date(2026, 5, 22), "Food"), (date(2026, 6, 1), "Food")}


def test_a_description_alone_adds_no_row(alice: APIClient) -> None:
    expense_id = create(alice)

    alice.patch(f"/api/expenses/{expense_id}", {"description": "Lunch"})

    assert SpendingTotal.objects.count() == 1


@pytest.mark.parametrize("days", [0, 31])
def test_overview_shows_the_same_before_prune_and_after(
    alice: APIClient, admin_client: Client, freeze: Callable[[date], object], days: int
) -> None:
    for write in (write_one, delete_and_restore, write_many, import_file):
        write(alice)
    freeze(date.fromordinal(date(2026, 5, 21).toordinal() + days))
    before = admin_client.get("/admin/").context

    call_command("prune")

    after = admin_client.get("/admin/").context
    for name in ("figures", "charts"):
        assert after[name] == before[name]


@pytest.mark.django_db(transaction=True)
def test_migration_adds_up_what_is_there(alice: APIClient) -> None:
    with connection.schema_editor() as editor:
        migration.drop_triggers(apps, editor)
    write_many(alice)
    delete_and_restore(alice)
    assert not kept()

    with connection.schema_editor() as editor:
        migration.create_triggers(apps, editor)
        migration.add_up(apps, editor)

    assert kept(days_since=date.max) == plain(days_since=date.max)
    create(alice, amount=56)
    assert kept(days_since=date.max) == plain(days_since=date.max)
