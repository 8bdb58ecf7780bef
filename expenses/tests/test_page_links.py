"""GET /api/expenses: limit, offset, X-Total-Count and Link"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from rest_framework.test import APIClient

from expenses.tests.api import EXPENSES, spend
from expenses.tests.pages import links


def test_pages_cover_the_list_without_gap_or_overlap(alice: APIClient) -> None:
    expenses = [spend(alice, date="2026-01-01") for _ in range(5)][::-1]
    url, pages = f"{EXPENSES}?limit=2", []

    while url:
        response = alice.get(url)
        assert response["X-Total-Count"] == "5"
        pages.append(response.json())
        url = links(response).get("next", "")

    assert pages == [expenses[:2], expenses[2:4], expenses[4:]]


@pytest.mark.parametrize(
    ("limit", "offset", "offsets"),
    [
        (2, 0, {"first": 0, "last": 4}),
        (2, 2, {"first": 0, "prev": 0, "last": 4}),
        (2, 4, {"first": 0, "prev": 2, "last": 4}),
        (2, 1, {"first": 0, "prev": 0, "last": 4}),
        (2, 1_000_000_000, {"first": 0, "prev": 4, "last": 4}),
        (4, 0, {"first": 0, "last": 4}),
        (5, 0, {}),
        (1000, 0, {}),
    ],
)
def test_links_point_to_neighbouring_pages(alice: APIClient, limit: int, offset: int, offsets: dict[str, int]) -> None:
    for _ in range(5):
        spend(alice)

    response = alice.get(EXPENSES, {"limit": limit, "offset": offset})

    assert response["X-Total-Count"] == "5"
    found = links(response)
    assert ("next" in found) == (offset + limit < 5)
    found.pop("next", None)
    assert found == {relation: f"{EXPENSES}?limit={limit}&offset={value}" for relation, value in offsets.items()}


def test_links_keep_the_filters(alice: APIClient) -> None:
    for category in ("Food", "Café & Bar", "Fun"):
        spend(alice, category=category)
    filters = [("category", "Food"), ("category", "Café & Bar"), ("ordering", "-amount"), ("limit", "1")]

    response = alice.get(f"{EXPENSES}?{urlencode(filters)}")

    path, _, query = links(response)["next"].partition("?")
    assert path == EXPENSES
    kept = parse_qs(query)
    assert len(kept.pop("cursor")) == 1
    assert kept == {"category": ["Food", "Café & Bar"], "ordering": ["-amount"], "limit": ["1"]}


@pytest.mark.parametrize("forged", [{"HTTP_HOST": "evil.example"}, {"HTTP_X_FORWARDED_HOST": "evil.example"}])
def test_links_never_repeat_a_forged_host(alice: APIClient, settings: Any, forged: dict[str, Any]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    spend(alice)
    spend(alice)

    response = alice.get(f"{EXPENSES}?limit=1", **forged)

    assert links(response)["next"].startswith(f"{EXPENSES}?limit=1&cursor=")
    assert "evil" not in str(response.headers)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),  # authentication, the page
        ("?limit=3", 2),  # authentication, the page: nothing follows it
        ("?limit=2", 2),  # authentication, which brings the total, the page
        ("?limit=2&offset=2", 2),  # authentication, the page: the last one
        ("?offset=3", 2),  # the same: nothing is there
        ("?limit=2&category=Food", 3),  # authentication, the page, a count: the page is full
        ("?category=Food&search=o&date_from=2026-01-01&amount_min=1&ordering=category", 2),  # authentication, the page
    ],
)
def test_count_runs_only_if_the_page_does_not_tell_the_total(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], query: str, number: int
) -> None:
    for _ in range(3):
        spend(alice)

    with django_assert_num_queries(number):
        assert alice.get(f"{EXPENSES}{query}").headers["X-Total-Count"] == "3"
    with django_assert_num_queries(2):  # the count is kept until the next change
        assert alice.get(f"{EXPENSES}{query}").headers["X-Total-Count"] == "3"
    spend(alice)
    assert alice.get(f"{EXPENSES}{query}").headers["X-Total-Count"] == "4"
