"""The bin: GET /api/expenses?deleted=true, POST /api/expenses/{id}/restore, and `manage.py prune`"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.db.transactions import atomic_write
from expense_tracker.tests.concurrency import run_concurrently, with_own_connection
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer
from expenses.tests.api import EXPENSES, discard, spend

BIN = "/api/expenses?deleted=true"
NOT_FOUND = {"detail": "Not found"}


def restore(client: APIClient, expense: dict[str, Any]) -> Any:
    return client.post(f"{EXPENSES}/{expense['id']}/restore")


def expire(*expenses: dict[str, Any]) -> None:
    """As if they had been deleted thirty days ago."""
    ids = [expense["id"] for expense in expenses]
    Expense.objects.filter(pk__in=ids).update(deleted_at=timezone.now() - timedelta(days=30))


def revision() -> int:
    return User.objects.get(username="alice").revision


def test_trash_lists_deleted_expenses_with_their_time_and_without_etag(alice: APIClient, bob: APIClient) -> None:
    spend(alice)
    first, second = discard(alice), discard(alice, date="2026-01-22")
    discard(bob)

    response = alice.get(BIN, headers={"If-None-Match": "*"})

    rows = response.json()
    assert response.status_code == 200
    assert "ETag" not in response
    assert response["X-Total-Count"] == "2"
    assert rows == [
        second | {"revision": 5, "updated_at": rows[0]["updated_at"], "deleted_at": rows[0]["deleted_at"]},
        first | {"revision": 3, "updated_at": rows[1]["updated_at"], "deleted_at": rows[1]["deleted_at"]},
    ]
    for row in rows:
        assert row["deleted_at"].endswith("Z")
        assert row["created_at"] < row["deleted_at"] <= row["updated_at"]


def test_trash_is_filtered_sorted_and_paged_like_the_list(alice: APIClient) -> None:
    for amount in (3, 1, 2):
        discard(alice, amount=amount)
    discard(alice, category="Fun", amount=1)

    response = alice.get(f"{BIN}&category=Food&ordering=amount&limit=2")

    assert [expense["amount"] for expense in response.json()] == [1, 2]
    assert response["X-Total-Count"] == "3"
    assert "deleted=true" in response["Link"]


def test_deleted_false_returns_the_live_list(alice: APIClient) -> None:
    live = spend(alice)
    discard(alice)

    assert alice.get(f"{EXPENSES}?deleted=false").json() == [live]


@pytest.mark.parametrize("text", ["1", "True", "yes"])
def test_deleted_accepts_only_true_and_false(alice: APIClient, text: str) -> None:
    response = alice.get(f"{EXPENSES}?deleted={text}")

    assert response.status_code == 400
    assert response.json() == {
        "detail": "deleted: Choose one of: true, false.",
        "errors": [{"detail": "Choose one of: true, false.", "code": "invalid_choice", "parameter": "deleted"}],
    }


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


def test_prune_blanks_expenses_deleted_thirty_days_ago(alice: APIClient, settings: Any) -> None:
    assert settings.BIN_DAYS == 30
    live, young, old = spend(alice), discard(alice), discard(alice, category="Secret", description="Very secret")
    expire(old)
    Expense.objects.filter(pk=young["id"]).update(deleted_at=timezone.now() - timedelta(days=30, minutes=-1))
    before = Expense.objects.in_bulk()
    changes = alice.get(f"{EXPENSES}/changes").json()

    call_command("prune")

    after = Expense.objects.in_bulk()
    for kept in (live["id"], young["id"]):
        assert ExpenseSerializer(after[kept]).data == ExpenseSerializer(before[kept]).data
        assert after[kept].search_text == before[kept].search_text
    blanked, was = after[old["id"]], before[old["id"]]
    assert (blanked.owner_id, blanked.revision, blanked.deleted_at) == (was.owner_id, was.revision, was.deleted_at)
    assert (blanked.amount, blanked.category, blanked.description, blanked.search_text) == (0, "", None, "")
    assert not {blanked.date, blanked.created_at, blanked.updated_at} & {was.date, was.created_at, was.updated_at}
    # No cursor expires: whoever was away for years still learns of the deletion.
    assert alice.get(f"{EXPENSES}/changes").json() == changes
    assert [expense["id"] for expense in alice.get(BIN).json()] == [young["id"]]
    assert restore(alice, young).status_code == 200


def test_days_in_trash_are_a_setting(alice: APIClient, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BIN_DAYS = 31
    expire(discard(alice))

    call_command("prune")

    assert "0 deleted expenses blanked.\n" in capsys.readouterr().out
    settings.BIN_DAYS = 29
    call_command("prune", "--dry-run")
    assert "1 deleted expenses would be blanked.\n" in capsys.readouterr().out
    assert len(alice.get(BIN).json()) == 1
    call_command("prune")
    assert "1 deleted expenses blanked.\n" in capsys.readouterr().out
    call_command("prune")
    assert "0 deleted expenses blanked.\n" in capsys.readouterr().out


@pytest.mark.parametrize("blanked", [False, True], ids=["in the bin", "blanked"])
def test_deleted_expenses_appear_in_no_list_sum_or_export(
    alice: APIClient, admin_client: Client, *, blanked: bool
) -> None:
    live = spend(alice, amount=100, date="2026-01-21")
    deleted = [discard(alice, category="Secret"), discard(alice, amount=100), discard(alice, amount=1)]
    for category in (None, "Food", "Secret"):
        alice.put("/api/budgets", {"category": category, "amount": 1000})
    if blanked:
        expire(*deleted)
        call_command("prune")

    listed = alice.get(EXPENSES)
    assert (listed.json(), listed["X-Total-Count"]) == ([live], "1")
    assert alice.get(EXPENSES, {"search": "secret"}).json() == []
    assert alice.get(EXPENSES, {"amount_min": 0, "limit": 1, "offset": 1}).json() == []
    for expense in deleted:
        assert alice.get(f"{EXPENSES}/{expense['id']}").json() == NOT_FOUND
    assert alice.get(f"{EXPENSES}/summary?group_by=category").json() == {
        "count": 1,
        "total": 100,
        "average": 100,
        "min": 100,
        "max": 100,
        "groups": [{"category": "Food", "count": 1, "total": 100, "average": 100}],
    }
    assert alice.get("/api/categories").json() == [
        {"name": "Food", "count": 1, "total": 100, "first_date": "2026-01-21", "last_date": "2026-01-21"}
    ]
    budgets = alice.get("/api/budgets?month=2026-01").json()
    assert [(budget["category"], budget["spent"]) for budget in budgets] == [(None, 100), ("Food", 100), ("Secret", 0)]
    csv = b"".join(alice.get(f"{EXPENSES}/export?format=csv"))
    assert csv == b"date,amount,category,description\r\n2026-01-21,1.00,Food,\r\n"
    assert alice.get(f"{EXPENSES}/export?format=json").getvalue() == b"[\n" + listed.content[1:-1] + b"\n]\n"
    page = admin_client.get("/admin/expenses/expense/")
    assert [expense.pk for expense in page.context["cl"].result_list] == [live["id"]]
    assert admin_client.get("/admin/expenses/expense/?q=secret").context["cl"].result_count == 0
    users = admin_client.get("/admin/accounts/user/?q=alice").context["cl"]
    assert [users.model_admin.number_of_expenses(user) for user in users.result_list] == [1]


def test_import_ignores_deleted_expenses_when_it_looks_for_duplicates(alice: APIClient) -> None:
    discard(alice, amount=2500, description="Lunch")
    file = SimpleUploadedFile("expenses.csv", b"date,amount,category,description\n2026-01-21,25.00,Food,Lunch\n")

    response = alice.post(f"{EXPENSES}/import", {"file": file}, format="multipart")

    assert (response.status_code, response.json()["created"], response.json()["duplicate"]) == (200, 1, 0)


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

    # authentication, savepoint (the test's transaction is around it), ledger, expense, number, update, release
    with django_assert_num_queries(7):
        restore(alice, expense)
    # authentication, expenses
    with django_assert_num_queries(2):
        alice.get(BIN)
