"""What the database refuses to store as a budget"""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import User
from expenses.models import Budget
from expenses.tests.api import BUDGETS

CHECKS = [
    ("expenses_budget_amount_in_range", "amount", 0),
    ("expenses_budget_amount_in_range", "amount", 10**12),
    ("expenses_budget_category_not_blank", "category", ""),
    ("expenses_budget_category_not_blank", "category", "   "),
]
UNIQUE = {"expenses_budget_owner_category_unique": "Food", "expenses_budget_owner_total_unique": None}


def test_every_constraint_is_tested_here() -> None:
    assert {constraint.name for constraint in Budget._meta.constraints} == {*UNIQUE, *(row[0] for row in CHECKS)}


@pytest.mark.parametrize(("constraint", "member", "value"), CHECKS)
def test_database_refuses_what_the_api_refuses(alice: APIClient, constraint: str, member: str, value: Any) -> None:
    values = {"amount": 1, "category": "Food"} | {member: value}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Budget.objects.create(owner=User.objects.get(), revision=1, **values)

    response = alice.put(BUDGETS, values)
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{member}"]


@pytest.mark.parametrize("category", UNIQUE.values())
def test_database_keeps_one_budget_per_category_and_one_for_all_spending(
    alice: APIClient, bob: APIClient, category: str | None
) -> None:
    owner, other = User.objects.order_by("pk")
    Budget.objects.create(owner=owner, category=category, amount=1, revision=1)
    Budget.objects.create(owner=owner, category="Fun", amount=1, revision=2)
    Budget.objects.create(owner=other, category=category, amount=1, revision=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(owner=owner, category=category, amount=2, revision=3)
