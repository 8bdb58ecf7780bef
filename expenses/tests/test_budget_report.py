"""GET /api/budgets: the report of a month"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.dates import today
from expenses.tests.api import BUDGETS, set_budget, spend

NOT_FOUND = {"detail": "Not found", "code": "not_found"}
TODAY = date(2026, 9, 20)


def use(spent: int, remaining: int, percent: int, projected: int | None, *, exceeded: bool = False) -> dict[str, Any]:
    return {
        "spent": spent,
        "remaining": remaining,
        "percent": percent,
        "exceeded": exceeded,
        "projected": projected,
    }


def test_new_account_has_an_empty_report(alice: APIClient) -> None:
    response = alice.get(BUDGETS)

    assert response.status_code == 200
    assert response.json() == []


def test_report_covers_the_current_month(alice: APIClient, bob: APIClient, freeze: Callable[[date], object]) -> None:
    freeze(TODAY)
    spend(alice, amount=1000, date="2026-08-31")
    spend(alice, amount=2000, date="2026-09-01")
    spend(alice, amount=1001, date="2026-09-20")
    spend(alice, amount=400, date="2026-09-21")
    spend(alice, amount=300, date="2026-09-30")
    spend(alice, amount=1000, date="2026-10-01")
    alice.delete(f"/api/expenses/{spend(alice, amount=5000, date='2026-09-02')['id']}")
    spend(alice, amount=50, date="2026-09-02", category="fun")
    spend(bob, amount=7000, date="2026-09-02")
    set_budget(bob, "Food", 1)
    fun, rent, food, everything = (
        set_budget(alice, category, amount)
        for category, amount in (("fun", 49), ("Rent", 100), ("Food", 40000), (None, 3751))
    )

    response = alice.get(BUDGETS)

    # Food: 3001 in 20 days are 4501.5 in 30.
    assert response.status_code == 200
    assert response.json() == [
        everything | use(3751, 0, 100, 4577 + 700),
        food | use(3701, 36299, 9, 4502 + 700),
        rent | use(0, 100, 0, 0),
        fun | use(50, -1, 102, 75, exceeded=True),
    ]
    assert alice.get(BUDGETS, {"month": "2026-09"}).json() == response.json()


@pytest.mark.parametrize(
    ("month", "spent"),
    [("2026-08", 1), ("2026-10", 2), ("2026-02", 4), ("2025-09", 8), ("1970-01", 16), ("9998-12", 32), ("9998-11", 0)],
)
def test_other_months_have_no_projection(
    alice: APIClient, freeze: Callable[[date], object], month: str, spent: int
) -> None:
    freeze(TODAY)
    for amount, day in (
        (1, "2026-08-31"),
        (2, "2026-10-01"),
        (4, "2026-02-28"),
        (8, "2025-09-20"),
        (16, "1970-01-31"),
        (32, "9998-12-31"),
    ):
        spend(alice, amount=amount, date=day)
    budget = set_budget(alice, None, 100)

    assert alice.get(BUDGETS, {"month": month}).json() == [budget | use(spent, 100 - spent, spent, None)]


@pytest.mark.parametrize(
    ("day", "spent", "projected"),
    [
        (date(2026, 9, 1), 7, 210),
        (date(2026, 9, 30), 7, 7),
        (date(2026, 9, 20), 1, 2),  # 1.5
        (date(2026, 9, 20), 3, 5),  # 4.5
        (date(2026, 9, 29), 14, 14),  # 14.48
        (date(2026, 9, 29), 15, 16),  # 15.52
        (date(2024, 2, 28), 28, 29),
        (date(2026, 12, 31), 5, 5),
    ],
)
def test_projection_is_rounded_half_up(
    alice: APIClient, freeze: Callable[[date], object], day: date, spent: int, projected: int
) -> None:
    freeze(day)
    spend(alice, amount=spent, date=day.isoformat())
    budget = set_budget(alice, "Food", 1000)

    assert alice.get(BUDGETS).json() == [budget | use(spent, 1000 - spent, spent // 10, projected)]


@pytest.mark.parametrize(
    ("spent", "percent", "exceeded"), [(1, 0, False), (199, 99, False), (200, 100, False), (201, 100, True)]
)
def test_percentage_is_rounded_down_and_exceeded_means_above_the_limit(
    alice: APIClient, freeze: Callable[[date], object], spent: int, percent: int, *, exceeded: bool
) -> None:
    freeze(TODAY)
    spend(alice, amount=spent, date="2026-08-01")
    budget = set_budget(alice, "Food", 200)

    assert alice.get(BUDGETS, {"month": "2026-08"}).json() == [
        budget | use(spent, 200 - spent, percent, None, exceeded=exceeded)
    ]


def test_total_budget_comes_first_then_categories_by_code_point(alice: APIClient) -> None:
    categories = ["A", "Z", "a", "ab", "é", "中", "\uff21", "😀"]
    for category in (*reversed(categories), None):
        set_budget(alice, category, 1)

    assert [budget["category"] for budget in alice.get(BUDGETS).json()] == [None, *sorted(categories)]


def test_default_month_is_the_current_one_in_utc(alice: APIClient) -> None:
    day = today()
    spend(alice, amount=3, date=day.isoformat())
    set_budget(alice, None, 10)

    [budget] = alice.get(BUDGETS).json()

    assert today() > day or (budget["spent"] == 3 and budget["projected"] is not None)


MONTH = "Enter a month as YYYY-MM."
NO_MONTH = "There is no such month."
RANGE = "The month must be between 1970-01 and 9998-12."


@pytest.mark.parametrize(
    ("query", "name", "code", "message"),
    [
        *(
            ({"month": value}, "month", "invalid", MONTH)
            for value in ("2026-9", "2026-09-01", "202609", "26-09", "2026-09 ", "\uff12026-09", "+026-09", "now")
        ),
        *(({"month": value}, "month", "invalid", NO_MONTH) for value in ("2026-13", "2026-00", "0000-01")),
        *(({"month": value}, "month", "invalid", RANGE) for value in ("1969-12", "9999-01", "0001-01")),
        ({"month": ["2026-09", "2026-09"]}, "month", "repeated", "This parameter can be given only once."),
        ({"year": "2026"}, "year", "unknown", "Unknown parameter. Allowed parameters: month."),
    ],
)
def test_invalid_parameter_returns_400_with_its_name(
    alice: APIClient, query: dict[str, Any], name: str, code: str, message: str
) -> None:
    response = alice.get(BUDGETS, query)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": f"{name}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "parameter": name}],
    }


def test_other_users_budgets_are_not_shown_and_cannot_be_deleted(
    alice: APIClient, bob: APIClient, freeze: Callable[[date], object]
) -> None:
    freeze(TODAY)
    hers = set_budget(alice, "Food", 400)

    assert bob.get(BUDGETS).json() == []
    response = bob.delete(f"{BUDGETS}/{hers['id']}")
    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert bob.put(BUDGETS, {"category": "Food", "amount": 1}).status_code == 201
    assert alice.get(BUDGETS).json() == [hers | use(0, 400, 0, 0)]


@pytest.mark.parametrize("count", [1, 5])
def test_report_runs_the_same_statements_for_any_number_of_budgets(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], count: int
) -> None:
    for number in range(count):
        set_budget(alice, str(number), 400)
        spend(alice, amount=1, date="2026-09-01", category=str(number))

    # authentication, what is spent, the budgets
    with django_assert_num_queries(3):
        assert len(alice.get(BUDGETS, {"month": "2026-09"}).json()) == count
