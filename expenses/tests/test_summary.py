"""GET /api/expenses/summary"""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from expenses import actions
from expenses.models import Expense
from expenses.money import MAX_AMOUNT
from expenses.tests.api import spend
from expenses.tests.summaries import summary, sums

NOTHING: dict[str, Any] = {"count": 0, "total": 0, "average": None, "min": None, "max": None, "groups": []}
FIVE = [
    {"amount": 1000, "category": "Food", "date": "2026-08-31", "description": "Lunch"},
    {"amount": 2000, "category": "Food", "date": "2026-09-01"},
    {"amount": 2501, "category": "Food", "date": "2026-09-30"},
    {"amount": 300, "category": "Fun", "date": "2026-09-30"},
    {"amount": 99, "category": "Fun", "date": "2027-01-01", "description": "Lunch break"},
]
ALL_FIVE = {"count": 5, "total": 5900, "average": 1180, "min": 99, "max": 2501}


@pytest.mark.parametrize(
    ("group_by", "groups"),
    [
        ("category", [{"category": "Food", **sums(3, 5501, 1834)}, {"category": "Fun", **sums(2, 399, 200)}]),
        (
            "day",
            [
                {"day": "2026-08-31", **sums(1, 1000, 1000)},
                {"day": "2026-09-01", **sums(1, 2000, 2000)},
                {"day": "2026-09-30", **sums(2, 2801, 1401)},
                {"day": "2027-01-01", **sums(1, 99, 99)},
            ],
        ),
        (
            "week",
            [
                {"week": "2026-08-31", **sums(2, 3000, 1500)},
                {"week": "2026-09-28", **sums(2, 2801, 1401)},
                {"week": "2026-12-28", **sums(1, 99, 99)},
            ],
        ),
        (
            "month",
            [
                {"month": "2026-08", **sums(1, 1000, 1000)},
                {"month": "2026-09", **sums(3, 4801, 1600)},
                {"month": "2027-01", **sums(1, 99, 99)},
            ],
        ),
        ("year", [{"year": "2026", **sums(4, 5801, 1450)}, {"year": "2027", **sums(1, 99, 99)}]),
        *(
            (
                group_by,
                [
                    {"month": "2026-08", "category": "Food", **sums(1, 1000, 1000)},
                    {"month": "2026-09", "category": "Food", **sums(2, 4501, 2251)},
                    {"month": "2026-09", "category": "Fun", **sums(1, 300, 300)},
                    {"month": "2027-01", "category": "Fun", **sums(1, 99, 99)},
                ],
            )
            for group_by in ("category,month", "month,category")
        ),
    ],
)
def test_expenses_are_grouped_by_category_period_or_both(
    alice: APIClient, group_by: str, groups: list[dict[str, Any]]
) -> None:
    for expense in FIVE:
        spend(alice, **expense)

    assert summary(alice, ("group_by", group_by)) == {**ALL_FIVE, "groups": groups}


@pytest.mark.parametrize("group_by", ["category", "day", "category,week"])
@pytest.mark.parametrize("fill", ["true", "false"])
def test_empty_summary_has_no_average_and_no_groups(alice: APIClient, group_by: str, fill: str) -> None:
    assert summary(alice, ("group_by", group_by), ("fill", fill)) == NOTHING


def test_summary_excludes_deleted_and_other_users_expenses(alice: APIClient, bob: APIClient) -> None:
    spend(bob, amount=5)
    alice.delete(f"/api/expenses/{spend(alice, amount=7)['id']}")
    spend(alice, amount=11, date="2026-09-15")

    assert summary(alice, ("group_by", "category")) == {
        **sums(1, 11, 11),
        "min": 11,
        "max": 11,
        "groups": [{"category": "Food", **sums(1, 11, 11)}],
    }


@pytest.mark.parametrize(
    "filters",
    [
        [("date_from", "2026-09-01"), ("date_to", "2026-09-30")],
        [("amount_min", 300), ("amount_max", 2000)],
        [("category", "Fun")],
        [("category", "Food"), ("category", "Fun"), ("category", "Rent")],
        [("search", "LUNCH")],
        [("category", "Food"), ("search", "lunch"), ("amount_min", 1), ("date_to", "2026-12-31")],
        [("category", "Rent")],
    ],
)
def test_summary_takes_the_filters_of_the_list(alice: APIClient, filters: list[tuple[str, Any]]) -> None:
    for expense in FIVE:
        spend(alice, **expense)

    listed = alice.get(f"/api/expenses?{urlencode(filters)}").json()

    response = summary(alice, ("group_by", "day"), *filters)
    assert (response["count"], response["total"]) == (len(listed), sum(expense["amount"] for expense in listed))
    assert [group["day"] for group in response["groups"]] == sorted({expense["date"] for expense in listed})


def test_groups_are_sorted_by_period_then_by_category_by_code_point(alice: APIClient) -> None:
    categories = ["0", "A", "AB", "Z", "a", "a b", "ab", "Ä", "é", "Я", "中", "\uff21", "😀"]
    for category in reversed(categories):
        spend(alice, category=category, date="2026-02-01")
    spend(alice, category="a", date="2026-01-31")

    groups = summary(alice, ("group_by", "category,month"))["groups"]

    assert [(group["month"], group["category"]) for group in groups] == [
        ("2026-01", "a"),
        *(("2026-02", category) for category in sorted(categories)),
    ]


@pytest.mark.parametrize(
    ("amounts", "average"), [([1, 2], 2), ([1, 1, 2], 1), ([1, 2, 2], 2), ([2, 3], 3), ([1, 1, 1, 2], 1)]
)
def test_averages_are_rounded_half_up_to_a_cent(alice: APIClient, amounts: list[int], average: int) -> None:
    for amount in amounts:
        spend(alice, amount=amount)

    response = summary(alice, ("group_by", "category"))

    assert response["average"] == response["groups"][0]["average"] == average


def test_sums_are_exact_beyond_floating_point(alice: APIClient) -> None:
    count = 9009  # an odd total beyond 2**53
    rows = [Expense(amount=MAX_AMOUNT, category="Rent", date=date(2026, 1, 1)) for _ in range(count)]
    actions.create_expenses(owner=User.objects.get(), expenses=rows)

    expected = sums(count, count * MAX_AMOUNT, MAX_AMOUNT)

    assert summary(alice, ("group_by", "category")) == {
        **expected,
        "min": MAX_AMOUNT,
        "max": MAX_AMOUNT,
        "groups": [{"category": "Rent", **expected}],
    }


@pytest.mark.parametrize("group_by", ["category", "week", "category,month"])
def test_summary_runs_one_grouping_statement(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], group_by: str
) -> None:
    for expense in FIVE:
        spend(alice, **expense)

    # authentication, the sums
    with django_assert_num_queries(2) as queries:
        summary(alice, ("group_by", group_by), ("fill", "true"), ("category", "Food"), ("search", "lunch"))

    assert "GROUP BY" in queries.captured_queries[1]["sql"]
