"""GET /api/expenses/summary: empty periods, and categories without expenses in a period"""

import pytest
from rest_framework.test import APIClient

from expenses.tests.api import spend
from expenses.tests.summaries import summary, sums


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
def test_week_is_named_by_its_monday(alice: APIClient, day: str, monday: str) -> None:
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


def test_fill_false_is_the_default(alice: APIClient) -> None:
    spend(alice, date="2026-01-01")
    spend(alice, date="2026-01-03")

    response = summary(alice, ("group_by", "day"), ("fill", "false"))

    assert response == summary(alice, ("group_by", "day"))
    assert len(response["groups"]) == 2
