"""Where the money went: sums by period and by category, and what is left of budgets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F

from expenses.models import ExpenseQuerySet
from expenses.models.budget import BudgetQuerySet
from expenses.money import divide_half_up

DAY = timedelta(days=1)
MAX_FILLED_GROUPS = 50_000


class TooManyGroups(Exception):
    """Filling the gaps would make more than MAX_FILLED_GROUPS groups."""


@dataclass(frozen=True)
class Period:
    """A way to group days, by the first day of each period."""

    first_day: Callable[[date], date]
    name: Callable[[date], str]
    next: Callable[[date], date]


PERIODS = {
    "day": Period(lambda day: day, date.isoformat, lambda day: day + DAY),
    "week": Period(lambda day: day - day.weekday() * DAY, date.isoformat, lambda day: day + 7 * DAY),
    "month": Period(
        lambda day: day.replace(day=1), lambda day: f"{day:%Y-%m}", lambda day: (day + 31 * DAY).replace(day=1)
    ),
    "year": Period(
        lambda day: day.replace(month=1, day=1), lambda day: f"{day:%Y}", lambda day: day.replace(year=day.year + 1)
    ),
}


@dataclass
class Sum:
    count: int = 0
    total: int = 0
    least: int | None = None
    most: int | None = None

    def add(self, row: dict[str, Any]) -> None:
        self.count += row["count"]
        self.total += int(row["total"])
        self.least = row["min"] if self.least is None else min(self.least, row["min"])
        self.most = row["max"] if self.most is None else max(self.most, row["max"])

    def as_row(self) -> dict[str, int | None]:
        average = divide_half_up(self.total, self.count) if self.count else None
        return {"count": self.count, "total": self.total, "average": average}


def summarize(
    expenses: ExpenseQuerySet, *, period: str | None, by_category: bool, fill: bool = False
) -> dict[str, Any]:
    """Count, total, average, min and max in cents, of all and of each group: `{"month": "2026-09", "category": "Food",
    "count", "total", "average"}`, sorted by period, then by category. One statement adds up by day and category; days
    are put together here, the same for every database. Raises TooManyGroups."""
    columns = (["date"] if period else []) + (["category"] if by_category else [])
    first_day = PERIODS[period].first_day if period else None
    everything = Sum()
    groups: dict[tuple[date | None, str | None], Sum] = {}
    for row in expenses.totals_by(*columns):
        key = (first_day(row["date"]) if first_day else None, row.get("category"))
        groups.setdefault(key, Sum()).add(row)
        everything.add(row)
    if fill and period and groups:
        categories = {category for _, category in groups}
        for start in span(PERIODS[period], [day for day, _ in groups if day], MAX_FILLED_GROUPS // len(categories)):
            for category in categories:
                groups.setdefault((start, category), Sum())
    return {
        **everything.as_row(),
        "min": everything.least,
        "max": everything.most,
        "groups": [
            ({period: PERIODS[period].name(start)} if period and start else {})
            | ({"category": category} if by_category else {})
            | groups[start, category].as_row()
            for start, category in sorted(groups, key=lambda key: (key[0] or date.min, key[1] or ""))
        ],
    }


def span(period: Period, days: list[date], most: int) -> Iterator[date]:
    """Return the first day of each period from the earliest to the latest day. Raise TooManyGroups past `most`."""
    day, last = min(days), max(days)
    while day <= last:
        if most == 0:
            raise TooManyGroups
        yield day
        day, most = period.next(day), most - 1


def report_budgets(
    budgets: BudgetQuerySet, expenses: ExpenseQuerySet, *, month: date, today: date
) -> list[dict[str, Any]]:
    """Return each budget with what `expenses` spent of it in the month that begins on `month`, by two statements. The
    limit of all spending comes first, then categories by code point.

    Amounts are in cents: `{"id", "category", "amount", "revision", "spent", "remaining", "percent", "exceeded",
    "projected"}`."""
    next_month = PERIODS["month"].next(month)
    spent = expenses.filter(date__gte=month, date__lt=next_month).spent_by_category(today)
    everything = (sum(until for until, _ in spent.values()), sum(later for _, later in spent.values()))
    is_current = month <= today < next_month
    days = (next_month - month).days
    rows = []
    for budget in budgets.order_by(F("category").asc(nulls_first=True)).values("id", "category", "amount", "revision"):
        category = budget["category"]
        until_today, later = everything if category is None else spent.get(category, (0, 0))
        total = until_today + later
        rows.append(
            budget
            | {
                "spent": total,
                "remaining": budget["amount"] - total,
                "percent": 100 * total // budget["amount"],
                "exceeded": total > budget["amount"],
                "projected": divide_half_up(until_today * days, today.day) + later if is_current else None,
            }
        )
    return rows
