"""GET /api/categories"""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from expenses.tests.api import discard, set_budget, spend

PATH = "/api/categories"


def test_categories_in_use_are_listed_most_used_first(alice: APIClient, bob: APIClient) -> None:
    for category in ("b", "Z", "é", "a"):
        spend(alice, category=category, amount=7)
    spend(alice, category="Food", amount=1, date="2025-02-03")
    spend(alice, category="Food", amount=2, date="2027-01-01")
    discard(alice, category="Fun")
    spend(bob, category="Rent")
    set_budget(alice, "Travel", 100)
    once = {"count": 1, "total": 7, "first_date": "2026-01-21", "last_date": "2026-01-21", "similar": []}

    response = alice.get(PATH)

    assert response.status_code == 200
    assert response.json() == [
        {"name": "Food", "count": 2, "total": 3, "first_date": "2025-02-03", "last_date": "2027-01-01", "similar": []},
        *({"name": name, **once} for name in ("Z", "a", "b", "é")),
    ]


def test_similar_categories_differ_in_case_and_accents_only(alice: APIClient, bob: APIClient) -> None:
    for category in ("FOOD", "Food", "Food", "Fun", "Café", "cafe", "food", "food", "food"):
        spend(alice, category=category)
    discard(alice, category="fOOD")
    spend(bob, category="fooD")

    similar = {category["name"]: category["similar"] for category in alice.get(PATH).json()}

    assert list(similar.items()) == [
        ("food", ["Food", "FOOD"]),
        ("Food", ["food", "FOOD"]),
        ("Café", ["cafe"]),
        ("FOOD", ["food", "Food"]),
        ("Fun", []),
        ("cafe", ["Café"]),
    ]


def test_new_account_has_no_categories(alice: APIClient) -> None:
    assert alice.get(PATH).json() == []


def test_categories_have_no_parameters(alice: APIClient) -> None:
    response = alice.get(PATH, {"limit": 1})

    message = "Unknown parameter. Allowed parameters: none."
    assert response.status_code == 400
    assert response.json() == {
        "detail": f"limit: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": "unknown", "parameter": "limit"}],
    }


def test_categories_run_one_statement_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    for category in ("Food", "Food", "Fun"):
        spend(alice, category=category)

    # authentication, the categories
    with django_assert_num_queries(2):
        assert len(alice.get(PATH).json()) == 2
