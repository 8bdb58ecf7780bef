"""GET /api/expenses?deleted=true, and what is deleted elsewhere"""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer
from expenses.tests.api import EXPENSES, discard, expire, restore, spend

BIN = "/api/expenses?deleted=true"
NOT_FOUND = {"detail": "Not found", "code": "not_found"}


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
        "code": "invalid",
        "errors": [{"detail": "Choose one of: true, false.", "code": "invalid_choice", "parameter": "deleted"}],
    }


def test_prune_clears_expenses_deleted_thirty_days_ago(alice: APIClient, settings: Any) -> None:
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


@pytest.mark.parametrize("blanked", [False, True], ids=["in the trash", "blanked"])
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
        {"name": "Food", "count": 1, "total": 100, "first_date": "2026-01-21", "last_date": "2026-01-21", "similar": []}
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
