"""POST /api/categories/rename"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import RevisionCounter
from expenses.models import Budget, Expense
from expenses.models.expense import search_prefix
from expenses.serializers.budget import BudgetSerializer
from expenses.tests.api import discard, set_budget, spend
from expenses.tests.categories import RENAME, everything, rename

NOT_FOUND = {"detail": "Not found", "code": "not_found"}


def test_rename_moves_expenses_trash_and_budget_only(alice: APIClient, bob: APIClient) -> None:
    lunch, snack, film = spend(alice, category="Food"), spend(alice, category="Food"), spend(alice, category="Fun")
    binned = discard(alice, category="Food")["id"]
    budget, total = set_budget(alice, "Food", 400), set_budget(alice, None, 900)
    his = spend(bob, category="Food")
    his_budget = set_budget(bob, "Food", 300)
    last = total["revision"]

    response = rename(alice, "Food", "Eating")

    assert response.status_code == 200
    assert response.json() == {"changed": 2}
    listed = {expense["id"]: expense for expense in alice.get("/api/expenses").json()}
    for number, expense in enumerate((lunch, snack), last + 1):
        updated_at = listed[expense["id"]]["updated_at"]
        assert datetime.fromisoformat(updated_at) > datetime.fromisoformat(expense["updated_at"])
        assert listed[expense["id"]] == expense | {
            "category": "Eating",
            "revision": number,
            "updated_at": updated_at,
        }
    assert listed[film["id"]] == film
    assert Expense.objects.filter(pk=binned, deleted_at__isnull=False).values("category", "revision").get() == {
        "category": "Eating",
        "revision": last + 3,
    }
    assert [BudgetSerializer(row).data for row in Budget.objects.order_by("pk")] == [
        budget | {"category": "Eating", "revision": last + 4},
        total,
        his_budget,
    ]
    assert spend(alice, category="Fun")["revision"] == last + 5
    assert bob.get("/api/expenses").json() == [his]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Food", "Eating"), ("Straße", "Fuß"), ("İzmir", "I"), ("👩‍🚀", "ﬃ"), ("q", "x" * 40), ("ΐ" * 40, "q")],
)
@pytest.mark.parametrize("description", [None, "Lunch, SÜSS\nand ΐ"])
def test_search_follows_a_rename(alice: APIClient, old: str, new: str, description: str | None) -> None:
    expense_id = spend(alice, category=old, description=description)["id"]
    binned = discard(alice, category=old)["id"]

    rename(alice, f" {old} ", f" {new}\n")

    def found(search: str) -> list[int]:
        return [expense["id"] for expense in alice.get("/api/expenses", {"search": search}).json()]

    assert found(new.upper()) == [expense_id]
    assert found(old) == []
    assert found("lunch, süss\nAND") == ([expense_id] if description else [])
    stored = Expense.objects.in_bulk([expense_id, binned])
    texts = {expense.pk: expense.search_text for expense in stored.values()}
    for expense in stored.values():
        expense.save(update_fields=["search_text"])
    assert texts == {expense.pk: expense.search_text for expense in stored.values()}
    assert texts[binned] == search_prefix(new)


def test_rename_assigns_revisions_in_id_order(alice: APIClient) -> None:
    for number in range(12):
        spend(alice, category="Food" if number % 3 else "Fun", date=f"2026-01-{31 - number}")

    rename(alice, "Food", "Fun", merge=True)

    assert list(Expense.objects.order_by("id").values_list("revision", flat=True)) == [
        1, 13, 14, 4, 15, 16, 7, 17, 18, 10, 19, 20,
    ]  # fmt: skip
    assert RevisionCounter.objects.get().revision == 20


def test_category_used_only_in_the_trash_is_renamed(alice: APIClient) -> None:
    binned = discard(alice, category="Food")["id"]

    assert rename(alice, "Food", "Eating").json() == {"changed": 0}
    assert Expense.objects.get(pk=binned).category == "Eating"


def test_category_with_only_a_budget_is_renamed(alice: APIClient) -> None:
    budget = set_budget(alice, "Food", 400)

    assert rename(alice, "Food", "Eating").json() == {"changed": 0}
    assert BudgetSerializer(Budget.objects.get()).data == budget | {"category": "Eating", "revision": 2}


@pytest.mark.parametrize("merge", [True, False])
def test_unused_category_returns_404(alice: APIClient, bob: APIClient, *, merge: bool) -> None:
    spend(bob, category="Food")
    set_budget(bob, "Food", 400)
    spend(alice, category="food")
    before = everything()

    response = rename(alice, "Food", "Eating", merge=merge)

    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert everything() == before


def test_rename_is_atomic(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    spend(alice, category="Food")
    discard(alice, category="Food")
    set_budget(alice, "Food", 400)
    before = everything()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(Budget, "save", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        rename(alice, "Food", "Eating")

    assert everything() == before


NAMES = {"from": "Food", "to": "Eating"}
REQUIRED = ("This field is required.", "required")
BLANK = ("This field may not be blank.", "blank")
NULL = ("This field may not be null.", "null")
STRING = ("Not a valid string.", "invalid")
BOOLEAN = ("Must be a valid boolean.", "invalid")
UNKNOWN = ("Unknown field. Allowed fields: from, to, merge.", "unknown")


@pytest.mark.parametrize(
    ("body", "member", "message", "code"),
    [
        ({"to": "Eating"}, "from", *REQUIRED),
        ({"from": "Food"}, "to", *REQUIRED),
        (NAMES | {"from": " "}, "from", *BLANK),
        (NAMES | {"to": ""}, "to", *BLANK),
        (NAMES | {"from": None}, "from", *NULL),
        (NAMES | {"to": 7}, "to", *STRING),
        (NAMES | {"to": ["Eating"]}, "to", *STRING),
        (NAMES | {"to": "x" * 41}, "to", "Ensure this field has no more than 40 characters.", "max_length"),
        (NAMES | {"to": "two\nlines"}, "to", "This must be one line.", "invalid"),
        (NAMES | {"to": "a\u202eb"}, "to", "The character U+202E is not allowed.", "invalid"),
        (NAMES | {"to": "Food"}, "to", "The names are equal.", "equal"),
        ({"from": "Caf\u00e9", "to": " Cafe\u0301 "}, "to", "The names are equal.", "equal"),
        (NAMES | {"merge": "true"}, "merge", *BOOLEAN),
        (NAMES | {"merge": 1}, "merge", *BOOLEAN),
        (NAMES | {"merge": None}, "merge", *NULL),
        (NAMES | {"colour": "red"}, "colour", *UNKNOWN),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    alice: APIClient, body: dict[str, Any], member: str, message: str, code: str
) -> None:
    spend(alice, category="Food")
    before = everything()

    response = alice.post(RENAME, body)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }
    assert everything() == before


@pytest.mark.parametrize("count", [1, 7])
def test_rename_runs_the_same_statements_for_any_number_of_expenses(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], count: int
) -> None:
    for _ in range(count):
        spend(alice, category="Food")
    set_budget(alice, "Food", 400)

    # authentication, savepoint (the test's transaction is around it), locked, budgets, expenses counted, the new
    # name looked for, numbers taken, stamped, renamed, budget moved, release
    with django_assert_num_queries(11):
        assert rename(alice, "Food", "Eating").json() == {"changed": count}
