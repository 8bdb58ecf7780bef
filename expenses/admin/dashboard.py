"""The figures and charts on the admin's first page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Session, User
from expenses.admin.charts import Bar, Chart, categories_chart, months_chart
from expenses.models import SpendingTotal
from expenses.money import divide_half_up
from expenses.reports import DAY

WEEK = timedelta(days=7)
MONTHS = 12
TOP_CATEGORIES = 8
# From so many times as much on, no change is given in per cent.
TIMES = 20


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    note: str


def user_figures() -> list[Figure]:
    users = User.objects.aggregate(all=Count("pk"), active=Count("pk", filter=Q(is_active=True)))
    sessions = Session.objects.used_since(timezone.now() - WEEK)
    seen = sessions.aggregate(users=Count("user", distinct=True))["users"]
    return [
        Figure("Users", f"{users['all']:,}", f"{users['active']:,} of them active"),
        Figure("Active this week", f"{seen:,}", "used the API in the last 7 days"),
    ]


def expense_figures_and_charts(day: date) -> tuple[list[Figure], list[Chart]]:
    """Deleted expenses do not count, nor do those dated after the day. Where nothing was spent there are no charts."""
    months = last_months(day)
    totals = SpendingTotal.objects.filter(date__range=(months[0], day))
    days = list(totals.by("date"))
    top = totals.by("category").order_by(F("total").desc(), "category")[:TOP_CATEGORIES]
    by_category = [Bar(row["category"], row["count"], int(row["total"])) for row in top]
    figures = compare_months(days, day)
    if not (days and by_category):
        return figures, []
    by_month = [add_up(days, month, (month + 31 * DAY).replace(day=1) - DAY, f"{month:%B %Y}") for month in months]
    return figures, [
        months_chart(f"Spent in each month, {months[0]:%b %Y} to {months[-1]:%b %Y}", by_month),
        categories_chart(f"Top categories of these {MONTHS} months", by_category),
    ]


def last_months(day: date) -> list[date]:
    """Return the first days of the last MONTHS months, that of `day` included, the earliest first."""
    months = [day.replace(day=1)]
    while len(months) < MONTHS:
        months.insert(0, (months[0] - DAY).replace(day=1))
    return months


def add_up(days: list[dict[str, Any]], first: date, last: date, name: str) -> Bar:
    """Return the number and the total of the expenses from the first to the last of the days, as a bar."""
    rows = [row for row in days if first <= row["date"] <= last]
    return Bar(name, sum(row["count"] for row in rows), sum(int(row["total"]) for row in rows))


def compare_months(days: list[dict[str, Any]], day: date) -> list[Figure]:
    """This month is not over, so it is compared with the last one until the same day, or its end if it is shorter."""
    end = day.replace(day=1) - DAY
    same_day = end.replace(day=min(day.day, end.day))
    this, last = (add_up(days, until.replace(day=1), until, name_days(until)) for until in (day, same_day))
    change = name_change(this.total, last.total)
    return [
        Figure("Spent this month", this.money, f"{this.counted}, {this.name}"),
        Figure("Against last month", change, f"{last.money} in {last.counted}, {last.name}"),
    ]


def name_change(this: int, last: int) -> str:
    """The change in per cent, or where that would be a number nobody reads, how many times as much."""
    if not last:
        return "–"  # noqa: RUF001  # a dash
    if this >= TIMES * last:
        return f"{this // last:,} times"
    return f"{divide_half_up(1000 * (this - last), last) / 10:+,.1f}%"


def name_days(until: date) -> str:
    """Return the name of a range of days from the first of the month."""
    return f"{until:%B} 1" if until.day == 1 else f"{until:%B} 1 to {until.day}"
