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

PATH = "/api/expenses/summary"
KNOWN = "date_from, date_to, amount_min, amount_max, category, search, group_by, fill"
NOTHING: dict[str, Any] = {"count": 0, "total": 0, "average": None, "min": None, "max": None, "groups": []}
FIVE = [
    {"amount": 1000, "category": "Food", "date": "2026-08-31", "description": "Lunch"},
    {"amount": 2000, "category": "Food", "date": "2026-09-01"},
    {"amount": 2501, "category": "Food", "date": "2026-09-30"},
    {"amount": 300, "category": "Fun", "date": "2026-09-30"},
    {"amount": 99, "category": "Fun", "date": "2027-01-01", "description": "Lunch break"},
]
ALL_FIVE = {"count": 5, "total": 5900, "average": 1180, "min": 99, "max": 2501}


def summary(client: APIClient, *parameters: tuple[str, Any]) -> dict[str, Any]:
    response = client.get(f"{PATH}?{urlencode(parameters)}")
    assert response.status_code == 200, response.json()
    body: dict[str, Any] = response.json()
    return body


def sums(count: int, total: int, average: int | None) -> dict[str, int | None]:
    return {"count": count, "total": total, "average": average}


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
def test_expenses_are_summed_up_by_category_by_period_or_by_both(
    alice: APIClient, group_by: str, groups: list[dict[str, Any]]
) -> None:
    for expense in FIVE:
        spend(alice, **expense)

    assert summary(alice, ("group_by", group_by)) == {**ALL_FIVE, "groups": groups}


@pytest.mark.parametrize("group_by", ["category", "day", "category,week"])
@pytest.mark.parametrize("fill", ["true", "false"])
def test_a_summary_of_nothing_has_no_average_and_no_groups(alice: APIClient, group_by: str, fill: str) -> None:
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
def test_the_filters_are_those_of_the_list(alice: APIClient, filters: list[tuple[str, Any]]) -> None:
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


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        ("2025-12-28", "2025-12-22"),
        ("2025-12-29", "2025-12-29"),
        ("2026-01-01", "2025-12-29"),
        ("2026-01-04", "2025-12-29"),
        ("2026-01-05", "2026-01-05"),
        ("2027-01-03", "2026-12-28"),
        ("1970-01-01", "1969-12-29"),
        ("9998-12-31", "9998-12-28"),
    ],
)
def test_a_week_is_named_by_its_monday(alice: APIClient, day: str, monday: str) -> None:
    spend(alice, date=day)

    assert summary(alice, ("group_by", "week"), ("fill", "true"))["groups"] == [{"week": monday, **sums(1, 1, 1)}]


@pytest.mark.parametrize(
    ("group_by", "days", "periods"),
    [
        ("day", ["2024-02-28", "2024-03-01"], ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("week", ["2025-12-28", "2026-01-05"], ["2025-12-22", "2025-12-29", "2026-01-05"]),
        ("month", ["2025-11-30", "2026-02-01"], ["2025-11", "2025-12", "2026-01", "2026-02"]),
        ("year", ["2024-12-31", "2026-01-01"], ["2024", "2025", "2026"]),
    ],
)
def test_fill_adds_the_empty_periods_between_the_first_and_the_last(
    alice: APIClient, group_by: str, days: list[str], periods: list[str]
) -> None:
    for day in days:
        spend(alice, date=day)

    response = summary(alice, ("group_by", group_by), ("fill", "true"))

    empty = [{group_by: period, **sums(0, 0, None)} for period in periods[1:-1]]
    assert response == {
        **sums(2, 2, 1),
        "min": 1,
        "max": 1,
        "groups": [{group_by: periods[0], **sums(1, 1, 1)}, *empty, {group_by: periods[-1], **sums(1, 1, 1)}],
    }


def test_fill_adds_every_category_to_every_period(alice: APIClient) -> None:
    spend(alice, category="Food", date="2026-01-31")
    spend(alice, category="Fun", date="2026-03-01")
    spend(alice, category="Rent", date="2026-04-01")

    groups = summary(alice, ("group_by", "category,month"), ("fill", "true"), ("date_to", "2026-03-31"))["groups"]

    assert groups == [
        {"month": "2026-01", "category": "Food", **sums(1, 1, 1)},
        {"month": "2026-01", "category": "Fun", **sums(0, 0, None)},
        {"month": "2026-02", "category": "Food", **sums(0, 0, None)},
        {"month": "2026-02", "category": "Fun", **sums(0, 0, None)},
        {"month": "2026-03", "category": "Food", **sums(0, 0, None)},
        {"month": "2026-03", "category": "Fun", **sums(1, 1, 1)},
    ]


def test_fill_false_and_no_fill_are_the_same(alice: APIClient) -> None:
    spend(alice, date="2026-01-01")
    spend(alice, date="2026-01-03")

    response = summary(alice, ("group_by", "day"), ("fill", "false"))

    assert response == summary(alice, ("group_by", "day"))
    assert len(response["groups"]) == 2


@pytest.mark.parametrize("group_by", ["day", "month"])
def test_fill_is_bounded(alice: APIClient, group_by: str) -> None:
    spend(alice, date="1970-01-01")
    spend(alice, date="9998-12-31")

    response = alice.get(PATH, {"group_by": group_by, "fill": "true"})

    message = "That would be more than 50000 groups; narrow the dates or take a longer period."
    assert response.status_code == 400
    assert response.json() == {
        "detail": f"fill: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": "invalid", "parameter": "fill"}],
    }
    assert len(summary(alice, ("group_by", "year"), ("fill", "true"))["groups"]) == 9998 - 1970 + 1


GROUP_BY = "Give category, one of day, week, month, year, or both with a comma between them."
DAY = "Enter a day as YYYY-MM-DD."
RANGE = "The day must be between 1970-01-01 and 9998-12-31."
FILL = "Choose one of: true, false."
CENTS = "Enter an integer of cents from 0 to 999999999999."


@pytest.mark.parametrize(
    ("parameters", "name", "code", "message"),
    [
        ({}, "group_by", "required", GROUP_BY),
        ({"group_by": ""}, "group_by", "required", GROUP_BY),
        *(
            ({"group_by": value}, "group_by", "invalid_choice", GROUP_BY)
            for value in (
                *(",", "category,", ",month", "colour", "Category", "category, month", "quarter", "months"),
                *("day,month", "week,year", "category,day,month", "category,category", "month,month", "amount"),
            )
        ),
        *(({"group_by": "day", "fill": value}, "fill", "invalid_choice", FILL) for value in ("True", "1", "yes", "on")),
        *(
            (
                {"group_by": "day", name: "1"},
                name,
                "unknown",
                f"Unknown parameter. Allowed parameters: {KNOWN}.",
            )
            for name in ("limit", "offset", "ordering", "month", "Group_by")
        ),
        ({"group_by": "day", "date_from": "2026-9-01"}, "date_from", "invalid", DAY),
        ({"group_by": "day", "date_from": "2026-13-01"}, "date_from", "invalid", "There is no such day."),
        ({"group_by": "day", "date_from": "1969-12-31"}, "date_from", "invalid", RANGE),
        ({"group_by": "day", "date_to": "9999-01-01"}, "date_to", "invalid", RANGE),
        ({"group_by": "day", "amount_min": "1.5"}, "amount_min", "invalid", CENTS),
        *(
            ({"group_by": "day", name: ["true", "true"]}, name, "repeated", "This parameter can be given only once.")
            for name in ("fill", "date_from", "search")
        ),
        (
            {"group_by": ["category", "month"]},
            "group_by",
            "repeated",
            "This parameter can be given only once.",
        ),
    ],
)
def test_invalid_parameter_returns_400_with_its_name(
    alice: APIClient, parameters: dict[str, Any], name: str, code: str, message: str
) -> None:
    response = alice.get(PATH, parameters)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": f"{name}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "parameter": name}],
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
