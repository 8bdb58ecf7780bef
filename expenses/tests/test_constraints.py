"""What the database itself refuses, and the response that a client gets instead of a 500."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from expenses.models import Expense

UNIQUE_REVISION = "expenses_expense_owner_revision_unique"
UNIQUE_EXTERNAL_ID = "expenses_expense_owner_external_id_unique"
CHECKS = [
    ("expenses_expense_amount_in_range", "amount", 0),
    ("expenses_expense_amount_in_range", "amount", 10**12),
    ("expenses_expense_category_not_blank", "category", ""),
    ("expenses_expense_category_not_blank", "category", "   "),
    ("expenses_expense_date_in_range", "date", date(1969, 12, 31)),
    ("expenses_expense_date_in_range", "date", date(9999, 1, 1)),
]


def test_every_constraint_is_tested_here() -> None:
    assert {constraint.name for constraint in Expense._meta.constraints} == {
        UNIQUE_REVISION,
        UNIQUE_EXTERNAL_ID,
        *(row[0] for row in CHECKS),
    }


@pytest.mark.parametrize(("constraint", "member", "value"), CHECKS)
def test_database_refuses_what_the_api_refuses(alice: APIClient, constraint: str, member: str, value: Any) -> None:
    values = {"amount": 1, "category": "Food", "date": date(2026, 1, 21)} | {member: value}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Expense.objects.create(owner=User.objects.get(), revision=1, **values)

    response = alice.post("/api/expenses", values)
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{member}"]


def test_database_keeps_revisions_unique_per_owner(alice: APIClient, bob: APIClient) -> None:
    hers = alice.post("/api/expenses", {"amount": 1, "category": "Food"}).json()
    his = bob.post("/api/expenses", {"amount": 1, "category": "Food"}).json()
    assert hers["revision"] == his["revision"]

    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.create(owner_id=hers["owner_id"], amount=1, category="Food", revision=hers["revision"])


def test_database_keeps_external_ids_unique_per_owner(alice: APIClient, bob: APIClient) -> None:
    for client in (alice, bob):
        client.post("/api/expenses", {"amount": 1, "category": "Food"})
    hers, his = User.objects.order_by("pk")
    values = {"amount": 1, "category": "Food", "external_id": "a"}
    Expense.objects.create(owner=hers, revision=2, **values)
    Expense.objects.create(owner=his, revision=2, **values)

    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.create(owner=hers, revision=3, deleted_at=timezone.now(), **values)
