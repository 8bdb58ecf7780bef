"""GET /api/expenses: what it shows, and in which order"""

import pytest
from rest_framework.test import APIClient

from expenses.tests.api import EXPENSES, listed, spend


def test_new_account_has_an_empty_list(alice: APIClient) -> None:
    response = alice.get(EXPENSES)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == []
    assert response["X-Total-Count"] == "0"
    assert not response.has_header("Link")


def test_list_shows_own_expenses_newest_day_first(alice: APIClient, bob: APIClient) -> None:
    spend(bob)
    old = spend(alice, date="2026-01-01", description="Two\nlines")
    new = spend(alice, date="2026-03-01")
    middle = spend(alice, date="2026-02-01")
    same_day = spend(alice, date="2026-02-01")

    response = alice.get(EXPENSES)

    assert response.json() == [new, same_day, middle, old]
    assert response["X-Total-Count"] == "4"


@pytest.mark.parametrize(
    ("ordering", "order"),
    [
        ("date", ["é", "Z", "a", "b"]),
        ("amount", ["b", "é", "Z", "a"]),
        ("category", ["a", "b", "é", "Z"]),
        ("created_at", ["Z", "a", "é", "b"]),
    ],
)
def test_minus_reverses_each_ordering_exactly(alice: APIClient, ordering: str, order: list[str]) -> None:
    spend(alice, category="Z", amount=3, date="2026-01-02")
    spend(alice, category="a", amount=3, date="2026-01-02")
    spend(alice, category="é", amount=2, date="2026-01-01")
    spend(alice, category="b", amount=1, date="2026-01-03")

    assert [expense["category"] for expense in listed(alice, ("ordering", ordering))] == order
    assert [expense["category"] for expense in listed(alice, ("ordering", f"-{ordering}"))] == order[::-1]


def test_categories_are_ordered_without_case_and_accents_then_by_code_point(alice: APIClient) -> None:
    categories = ["!", "0", "A", "a", "Ä", "a b", "AB", "aB", "ab", "Apfel", "École", "Zoo", "Я", "中", "\uff41", "😀"]
    for category in reversed(categories):
        spend(alice, category=category, description=f"!{category}")

    assert [expense["category"] for expense in listed(alice, ("ordering", "category"))] == categories
