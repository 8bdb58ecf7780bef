"""Summaries and budgets are what Python makes of the list, for any expenses and filters."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expense_tracker.tests.clock import stopped_at
from expenses import actions
from expenses.models import Budget, Expense
from expenses.money import MAX_AMOUNT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unlimited")]

FIRST, LAST = date(2024, 12, 20), date(2027, 1, 10)
CATEGORIES = ["Food", "food", "Zoo", "é", "\uff21", "😀"]
AMOUNTS = st.one_of(st.integers(1, 9), st.integers(1, MAX_AMOUNT))
NEW_YEARS = [date(year, 1, 1) + timedelta(days=days) for year in (2025, 2026, 2027) for days in range(-10, 10)]
DAYS = st.one_of(st.sampled_from(NEW_YEARS), st.dates(FIRST, LAST))
EXPENSES: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.builds(
        dict,
        amount=AMOUNTS,
        category=st.sampled_from(CATEGORIES),
        description=st.sampled_from([None, "Lunch", "lunch break", "100% food"]),
        date=DAYS,
    ),
    max_size=12,
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "date_from": DAYS,
        "date_to": DAYS,
        "amount_min": st.integers(0, 9),
        "amount_max": AMOUNTS,
        "category": st.lists(st.sampled_from([*CATEGORIES, "Rent"]), min_size=1, max_size=4),
        "search": st.sampled_from(["FOOD", "lunch", "%", "É", "h lunc", "nothing"]),
    },
)
PERIODS: dict[str, Callable[[str], str]] = {
    "day": str,
    "week": lambda day: date.fromisocalendar(*date.fromisoformat(day).isocalendar()[:2], 1).isoformat(),
    "month": lambda day: day[:7],
    "year": lambda day: day[:4],
}
# The test's transaction is around all examples; each begins with `store`, which removes the rows of the last one.
PROPERTY = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def store(expenses: list[dict[str, Any]], budgets: dict[str | None, int] | None = None) -> None:
    Expense.objects.all().delete()
    Budget.objects.all().delete()
    RevisionCounter.objects.update(expense_count=0)
    owner = User.objects.get()
    actions.create_expenses(owner=owner, expenses=[Expense(**values) for values in expenses])
    for category, amount in (budgets or {}).items():
        actions.set_budget(owner=owner, category=category, amount=amount)


def half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def sums(amounts: list[int]) -> dict[str, int | None]:
    average = half_up(Fraction(sum(amounts), len(amounts))) if amounts else None
    return {"count": len(amounts), "total": sum(amounts), "average": average}


def periods_between(days: list[str], name: Callable[[str], str]) -> set[str]:
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    return {name((first + timedelta(days=number)).isoformat()) for number in range((last - first).days + 1)}


def summarized(listed: list[dict[str, Any]], *, period: str | None, by_category: bool, fill: bool) -> dict[str, Any]:
    """The summary of a list."""
    name = PERIODS[period] if period else lambda _day: ""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for expense in listed:
        groups[name(expense["date"]), expense["category"] if by_category else ""].append(expense["amount"])
    if fill and groups:
        categories = {category for _, category in groups}
        for start in periods_between([expense["date"] for expense in listed], name):
            for category in categories:
                groups[start, category] += []
    amounts = [expense["amount"] for expense in listed]
    return {
        **sums(amounts),
        "min": min(amounts, default=None),
        "max": max(amounts, default=None),
        "groups": [
            ({period: start} if period else {}) | ({"category": category} if by_category else {}) | sums(group)
            for (start, category), group in sorted(groups.items())
        ],
    }


@PROPERTY
@given(
    expenses=EXPENSES,
    filters=FILTERS,
    period=st.sampled_from([*PERIODS, None]),
    by_category=st.booleans(),
    fill=st.booleans(),
)
def test_summary_is_the_sum_of_the_list(
    alice: APIClient,
    expenses: list[dict[str, Any]],
    filters: dict[str, Any],
    period: str | None,
    *,
    by_category: bool,
    fill: bool,
) -> None:
    store(expenses)
    by_category = by_category or period is None
    group_by = ",".join([*(["category"] if by_category else []), *([period] if period else [])])
    query = urlencode(filters, doseq=True)

    listed = alice.get(f"/api/expenses?{query}").json()
    response = alice.get(
        f"/api/expenses/summary?{query}&{urlencode({'group_by': group_by, 'fill': str(fill).lower()})}"
    )

    assert response.status_code == 200
    assert response.json() == summarized(listed, period=period, by_category=by_category, fill=fill)


@PROPERTY
@given(expenses=EXPENSES)
def test_categories_are_those_of_the_list(alice: APIClient, expenses: list[dict[str, Any]]) -> None:
    store(expenses)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for expense in alice.get("/api/expenses").json():
        groups[expense["category"]].append(expense)
    used = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))

    assert alice.get("/api/categories").json() == [
        {
            "name": category,
            "count": len(group),
            "total": sum(expense["amount"] for expense in group),
            "first_date": min(expense["date"] for expense in group),
            "last_date": max(expense["date"] for expense in group),
            "similar": [name for name, _ in used if name != category and name.lower() == category.lower()],
        }
        for category, group in used
    ]


@PROPERTY
@given(
    expenses=EXPENSES,
    budgets=st.dictionaries(st.sampled_from([*CATEGORIES, "Rent", None]), AMOUNTS),
    today=DAYS,
    asked=st.one_of(st.none(), DAYS),
)
def test_budget_report_matches_the_list(
    alice: APIClient,
    expenses: list[dict[str, Any]],
    budgets: dict[str | None, int],
    today: date,
    asked: date | None,
) -> None:
    store(expenses, budgets)
    month, this_month = f"{asked or today:%Y-%m}", f"{today:%Y-%m}"
    listed = [expense for expense in alice.get("/api/expenses").json() if expense["date"].startswith(month)]

    with stopped_at(today):
        report = alice.get("/api/budgets", {"month": month} if asked else {}).json()

    expected = []
    for category, amount in sorted(budgets.items(), key=lambda item: item[0] or ""):
        mine = [expense for expense in listed if category in {None, expense["category"]}]
        spent = sum(expense["amount"] for expense in mine)
        until = sum(expense["amount"] for expense in mine if expense["date"] <= today.isoformat())
        days = monthrange(today.year, today.month)[1]
        projected = half_up(Fraction(until * days, today.day)) + spent - until
        expected.append(
            {
                "category": category,
                "amount": amount,
                "spent": spent,
                "remaining": amount - spent,
                "percent": floor(Fraction(100 * spent, amount)),
                "exceeded": spent > amount,
                "projected": projected if month == this_month else None,
            }
        )
    assert [{name: row[name] for name in row if name not in {"id", "revision"}} for row in report] == expected
