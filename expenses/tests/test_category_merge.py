"""POST /api/categories/rename: names that are in use, and merging"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.models import Budget
from expenses.serializers.budget import BudgetSerializer
from expenses.tests.api import set_budget, spend
from expenses.tests.categories import PATH, everything, rename

IN_USE = {
    "detail": "There are expenses or a budget of this category already; send merge to put them together.",
    "code": "category_in_use",
}


@pytest.mark.parametrize(
    "in_use_by",
    [
        lambda client, category: spend(client, category=category),
        lambda client, category: set_budget(client, category, 500),
    ],
)
@pytest.mark.parametrize("merge", [{}, {"merge": False}])
def test_name_in_use_returns_409_without_merge(
    alice: APIClient, in_use_by: Callable[[APIClient, str], Any], merge: dict[str, bool]
) -> None:
    spend(alice, category="Food")
    set_budget(alice, "Food", 400)
    in_use_by(alice, "Eating")
    before = everything()

    response = rename(alice, "Food", "Eating", **merge)

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == IN_USE
    assert everything() == before
    assert rename(alice, "Food", "Eating", merge=True).json() == {"changed": 1}


def test_name_used_only_by_another_user_is_free(alice: APIClient, bob: APIClient) -> None:
    spend(bob, category="Eating")
    set_budget(bob, "Eating", 500)
    spend(alice, category="Food")

    assert rename(alice, "Food", "Eating").json() == {"changed": 1}


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"Food": 400, "Eating": 500}, [{"id": "Eating", "category": "Eating", "amount": 500, "revision": 4}]),
        ({"Food": 400}, [{"id": "Food", "category": "Eating", "amount": 400, "revision": 5}]),
        ({"Eating": 500}, [{"id": "Eating", "category": "Eating", "amount": 500, "revision": 3}]),
    ],
)
def test_merge_keeps_the_budget_of_the_new_name_or_moves_the_old_one(
    alice: APIClient, limits: dict[str, int], left: list[dict[str, Any]]
) -> None:
    spend(alice, category="Food")
    kept = spend(alice, category="Eating")
    ids = {category: set_budget(alice, category, amount)["id"] for category, amount in limits.items()}

    assert rename(alice, "Food", "Eating", merge=True).json() == {"changed": 1}

    assert [BudgetSerializer(budget).data for budget in Budget.objects.all()] == [
        row | {"id": ids[row["id"]]} for row in left
    ]
    assert alice.get(PATH).json() == [
        {"name": "Eating", "count": 2, "total": 2, "first_date": "2026-01-21", "last_date": "2026-01-21", "similar": []}
    ]
    assert alice.get(f"/api/expenses/{kept['id']}").json() == kept


def test_merge_without_a_conflict_renames(alice: APIClient) -> None:
    spend(alice, category="Food")

    assert rename(alice, "Food", "Eating", merge=True).json() == {"changed": 1}


def test_similar_categories_can_be_merged(alice: APIClient) -> None:
    for category in ("food", "Food", "Food", "FOOD"):
        spend(alice, category=category)
    [first, *_] = alice.get(PATH).json()

    for name in first["similar"]:
        assert rename(alice, name, first["name"], merge=True).status_code == 200

    [food] = alice.get(PATH).json()
    assert (food["name"], food["count"], food["similar"]) == ("Food", 4, [])
