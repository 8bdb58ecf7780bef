"""PUT /api/budgets, DELETE /api/budgets/{id}"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import RevisionCounter
from expense_tracker.tests.concurrency import DEVICES, run_concurrently
from expenses.models import Budget, Expense
from expenses.serializers.budget import BudgetSerializer
from expenses.tests.api import BUDGETS, set_budget, spend

NOT_FOUND = {"detail": "Not found", "code": "not_found"}


@pytest.mark.parametrize("category", ["Food", None])
def test_put_creates_a_budget_and_then_replaces_it(alice: APIClient, category: str | None) -> None:
    created = alice.put(BUDGETS, {"category": category, "amount": 40000})
    replaced = alice.put(BUDGETS, {"category": category, "amount": 50000})

    budget_id = created.json()["id"]
    assert created.status_code == 201
    assert created.json() == {"id": budget_id, "category": category, "amount": 40000, "revision": 1}
    assert replaced.status_code == 200
    assert replaced.json() == {"id": budget_id, "category": category, "amount": 50000, "revision": 2}
    assert Budget.objects.count() == 1


def test_body_that_was_read_can_be_written_back(alice: APIClient, freeze: Callable[[date], object]) -> None:
    freeze(date(2026, 9, 20))
    budget = set_budget(alice, " Cafe\u0301 ", 400)

    response = alice.put(BUDGETS, budget | {"id": 999, "revision": 999})

    assert budget["category"] == "Caf\u00e9"
    assert response.status_code == 200
    assert response.json() == budget | {"revision": 2}


def test_write_allocates_a_revision_and_leaves_expenses_unchanged(alice: APIClient) -> None:
    expense = spend(alice, amount=1, date="2026-09-01")

    budget = set_budget(alice, "Food", 400)
    assert budget["revision"] == expense["revision"] + 1
    assert alice.delete(f"{BUDGETS}/{budget['id']}").status_code == 200

    assert alice.get("/api/expenses").json() == [expense]
    assert spend(alice, amount=1, date="2026-09-01")["revision"] == expense["revision"] + 3


REQUIRED = ("This field is required.", "required")
INTEGER = ("Enter an integer of cents: 1250 for 12.50.", "invalid")
UNKNOWN = ("Unknown field. Allowed fields: category, amount.", "unknown")


@pytest.mark.parametrize(
    ("body", "member", "message", "code"),
    [
        ({"amount": 1}, "category", *REQUIRED),
        ({"category": "Food"}, "amount", *REQUIRED),
        *(({"category": "Food", "amount": amount}, "amount", *INTEGER) for amount in ("1", 1.5, True, [1])),
        ({"category": "Food", "amount": None}, "amount", "This field may not be null.", "null"),
        *(
            (
                {"category": "Food", "amount": amount},
                "amount",
                "Ensure this value is greater than or equal to 1.",
                "min_value",
            )
            for amount in (0, -1)
        ),
        (
            {"category": "Food", "amount": 10**12},
            "amount",
            "Ensure this value is less than or equal to 999999999999.",
            "max_value",
        ),
        ({"category": " ", "amount": 1}, "category", "This field may not be blank.", "blank"),
        ({"category": 7, "amount": 1}, "category", "Not a valid string.", "invalid"),
        ({"category": "a\nb", "amount": 1}, "category", "This must be one line.", "invalid"),
        (
            {"category": "x" * 41, "amount": 1},
            "category",
            "Ensure this field has no more than 40 characters.",
            "max_length",
        ),
        ({"category": "Food", "amount": 1, "month": "2026-09"}, "month", *UNKNOWN),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    alice: APIClient, body: dict[str, Any], member: str, message: str, code: str
) -> None:
    response = alice.put(BUDGETS, body)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }
    assert not Budget.objects.exists()
    assert not RevisionCounter.objects.filter(revision__gt=0).exists()


def test_deleted_budget_is_gone_and_the_expenses_stay(alice: APIClient) -> None:
    expense = spend(alice, amount=1, date="2026-09-01")
    path = f"{BUDGETS}/{set_budget(alice, 'Food', 400)['id']}"

    response = alice.delete(path)

    assert response.status_code == 200
    assert response.json() == {"message": "Budget deleted successfully"}
    assert alice.get(BUDGETS).json() == []
    assert alice.get("/api/expenses").json() == [expense]
    again = alice.delete(path)
    assert again.status_code == 404
    assert again.json() == NOT_FOUND
    assert alice.put(BUDGETS, {"category": "Food", "amount": 1}).status_code == 201


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("category", ["Food", None])
def test_parallel_puts_of_a_new_budget_create_one_row(alice: APIClient, category: str | None) -> None:
    responses = run_concurrently(lambda device: alice.put(BUDGETS, {"category": category, "amount": device + 1}))

    assert sorted(response.status_code for response in responses) == [200] * (DEVICES - 1) + [201]
    written = sorted((response.json() for response in responses), key=lambda budget: budget["revision"])
    assert [budget["revision"] for budget in written] == list(range(1, DEVICES + 1))
    assert BudgetSerializer(Budget.objects.get()).data == written[-1]
    assert not Expense.objects.exists()
