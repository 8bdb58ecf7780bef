"""GET /api/expenses: pages by cursor"""

# ruff: noqa: RUF001 - letters that look alike are the point

from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from expenses.tests.api import EXPENSES, discard, spend
from expenses.tests.pages import ORDERINGS, cursor_of, follow, links


@pytest.mark.parametrize("deleted", ["false", "true"])
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_next_links_lead_through_the_list_in_every_ordering(
    alice: APIClient, bob: APIClient, ordering: str, deleted: str
) -> None:
    for number, category in enumerate(["Food", "food", "FOOD", "Äpfel", "apfel", "میوه\u200cها", "Food"]):
        values = {"category": category, "amount": 1 + number % 3, "date": f"2026-01-0{1 + number % 2}"}
        for client in (alice, bob):
            (discard if deleted == "true" else spend)(client, **values)
    parameters = {"ordering": ordering, "deleted": deleted}
    whole = alice.get(EXPENSES, parameters).json()

    pages = follow(alice, f"{EXPENSES}?{urlencode(parameters | {'limit': 2})}")

    assert pages == [whole[start : start + 2] for start in range(0, 7, 2)]


def test_next_link_of_a_page_by_offset_uses_a_cursor(alice: APIClient) -> None:
    expenses = [spend(alice) for _ in range(5)][::-1]

    assert follow(alice, f"{EXPENSES}?limit=2&offset=1") == [expenses[1:3], expenses[3:5]]


def test_page_by_cursor_links_to_first_last_and_next(alice: APIClient) -> None:
    for _ in range(5):
        spend(alice)
    second = alice.get(links(alice.get(EXPENSES, {"limit": 2}))["next"])
    third = alice.get(links(second)["next"])

    assert set(links(second)) == {"first", "last", "next"}
    assert {name: links(third)[name] for name in links(third)} == {
        "first": f"{EXPENSES}?limit=2&offset=0",
        "last": f"{EXPENSES}?limit=2&offset=4",
    }
    assert second["X-Total-Count"] == third["X-Total-Count"] == "5"


def test_limit_may_change_between_pages(alice: APIClient) -> None:
    expenses = [spend(alice) for _ in range(5)][::-1]
    cursor = cursor_of(alice.get(EXPENSES, {"limit": 1}))

    assert alice.get(EXPENSES, {"limit": "3", "cursor": cursor, "offset": ""}).json() == expenses[1:4]


def test_creations_and_deletions_do_not_shift_pages(alice: APIClient) -> None:
    first, second, third, fourth = [spend(alice, date=f"2026-01-0{day}") for day in (4, 3, 2, 1)]
    page = alice.get(EXPENSES, {"limit": 2})

    spend(alice, date="2026-01-05")
    alice.delete(f"{EXPENSES}/{first['id']}")
    alice.delete(f"{EXPENSES}/{second['id']}")

    assert page.json() == [first, second]
    assert alice.get(links(page)["next"]).json() == [third, fourth]


def test_row_created_after_the_count_is_not_lost(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    expenses = [spend(alice) for _ in range(2)][::-1]
    monkeypatch.setattr(User, "expense_count", 1)

    assert follow(alice, f"{EXPENSES}?limit=1") == [expenses[:1], expenses[1:]]
