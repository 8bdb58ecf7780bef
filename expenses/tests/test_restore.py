"""POST /api/expenses/{id}/restore"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.db.transactions import atomic_write
from expense_tracker.tests.concurrency import run_concurrently, with_own_connection
from expenses.models import Expense
from expenses.tests.api import EXPENSES, discard, expire, restore, spend

BIN = "/api/expenses?deleted=true"
NOT_FOUND = {"detail": "Not found", "code": "not_found"}


def revision() -> int:
    return User.objects.get(username="alice").revision


def test_restore_returns_the_expense_as_it_was(alice: APIClient) -> None:
    expense = discard(alice, description="Lunch")

    response = restore(alice, expense)

    body = response.json()
    assert response.status_code == 200
    assert response["ETag"] == '"3"'
    assert body == expense | {"revision": 3, "updated_at": body["updated_at"]}
    assert body["updated_at"] > expense["updated_at"]
    assert alice.get(EXPENSES).json() == [body]
    assert alice.get(f"{EXPENSES}/{expense['id']}").json() == body
    assert alice.get(BIN).json() == []
    assert alice.get(EXPENSES, {"search": "lunch"}).json() == [body]


def test_restoring_a_live_expense_changes_nothing(alice: APIClient) -> None:
    expense = spend(alice)

    response = restore(alice, expense)

    assert (response.status_code, response.json(), response["ETag"]) == (200, expense, '"1"')
    assert revision() == 1


@pytest.mark.parametrize("whose", ["nobody's", "bob's", "blanked"])
def test_restoring_an_unknown_expense_returns_404(alice: APIClient, bob: APIClient, whose: str) -> None:
    expense = {"id": 999_999}
    if whose != "nobody's":
        expense = discard(bob if whose == "bob's" else alice)
    if whose == "blanked":
        expire(expense)
        call_command("prune")
    before = revision()

    response = restore(alice, expense)

    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert revision() == before
    assert alice.get(EXPENSES).json() == []


def test_restore_returns_404_if_prune_was_faster(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    expense = discard(alice)
    now = timezone.now

    def forget_meanwhile() -> Any:
        Expense.objects.all().purge()
        return now()

    monkeypatch.setattr("expenses.actions.timezone.now", forget_meanwhile)
    response = restore(alice, expense)
    monkeypatch.undo()

    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert revision() == 2


@pytest.mark.django_db(transaction=True)
def test_concurrent_restore_and_prune_leave_no_half_restored_expense(alice: APIClient) -> None:
    expenses = [discard(alice, amount=number) for number in range(1, 17)]
    expire(*expenses)

    def work(device: int) -> list[Any]:
        if device == 7:
            call_command("prune")
            return []
        return [(expense, restore(alice, expense)) for expense in expenses[device::7]]

    responses = [pair for device in run_concurrently(work) for pair in device]

    restored = {response.json()["id"]: response.json() for _, response in responses if response.status_code == 200}
    assert {expense["id"]: expense for expense in alice.get(EXPENSES).json()} == restored
    for expense, response in responses:
        if response.status_code == 200:
            changed = {name: response.json()[name] for name in ("revision", "updated_at")}
            assert response.json() == expense | changed
        else:
            assert (response.status_code, response.json()) == (404, NOT_FOUND)
            assert Expense.objects.get(pk=expense["id"]).amount == 0


@pytest.mark.django_db(transaction=True)
def test_prune_does_not_deadlock_with_a_writer(alice: APIClient) -> None:
    first, second = discard(alice), discard(alice)
    expire(second)
    # PostgreSQL keeps what was written last behind the others, so it meets the second one first.
    expire(first)
    writing = Event()

    @atomic_write
    def rename() -> None:
        for expense in (first, second):
            Expense.objects.filter(pk=expense["id"]).update(category="Eating")
            writing.set()
            time.sleep(0.2)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(with_own_connection, rename)
        assert writing.wait(timeout=10)
        call_command("prune")
        writer.result()
    call_command("prune")

    assert set(Expense.objects.values_list("amount", flat=True)) == {0}


def test_restore_runs_six_statements_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    expense = discard(alice)

    # authentication, savepoint (the test's transaction is around it), counter, expense, number, update, release
    with django_assert_num_queries(7):
        restore(alice, expense)
    # authentication, expenses
    with django_assert_num_queries(2):
        alice.get(BIN)
