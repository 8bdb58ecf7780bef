"""/admin/: what staff see at a look."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.actions import open_session
from accounts.models import Session, User
from expense_tracker.dates import today
from expenses.admin.dashboard import Figure
from expenses.tests.admin.records import discard, spend
from expenses.tests.admin.staff import staff

INDEX = "/admin/"
MONTHS_OF_2026 = [
    *("February 2025", "March 2025", "April 2025", "May 2025", "June 2025", "July 2025", "August 2025"),
    *("September 2025", "October 2025", "November 2025", "December 2025", "January 2026"),
]


def figures(client: Client) -> dict[str, tuple[str, str]]:
    found: list[Figure] = client.get(INDEX).context["figures"]
    return {figure.name: (figure.value, figure.note) for figure in found}


def test_overview_counts_users_and_those_active_this_week(admin_client: Client, alice: User, bob: User) -> None:
    User.objects.create_user("carol", is_active=False)
    for user, days in ((alice, 1), (alice, 6), (bob, 8)):
        Session.objects.create(
            user=user, last_used_at=timezone.now() - timedelta(days=days), expires_at=timezone.now() + timedelta(days=1)
        )

    found = figures(admin_client)

    assert found["Users"] == ("4", "3 of them active")
    assert found["Active this week"] == ("1", "used the API in the last 7 days")


def test_month_is_compared_with_the_same_days_of_the_last_month(
    admin_client: Client, alice: User, bob: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 5, 21))
    spend(alice, amount=123_456_700, date=date(2026, 5, 1))
    spend(bob, amount=89, date=date(2026, 5, 21))
    spend(bob, amount=1000, date=date(2026, 5, 22))  # not yet
    spend(alice, amount=100_000_000, date=date(2026, 4, 1))
    spend(alice, amount=50_000, date=date(2026, 4, 22))  # not until the same day
    discard(alice, amount=7, date=date(2026, 5, 2))

    found = figures(admin_client)

    assert found["Spent this month"] == ("1,234,567.89", "2 expenses, May 1 to 21")
    assert found["Against last month"] == ("+23.5%", "1,000,000.00 in 1 expense, April 1 to 21")


@pytest.mark.parametrize(
    ("day", "same_day", "days", "same_days"),
    [
        (date(2026, 1, 1), date(2025, 12, 1), "January 1", "December 1"),
        (date(2026, 1, 31), date(2025, 12, 31), "January 1 to 31", "December 1 to 31"),
        (date(2026, 3, 31), date(2026, 2, 28), "March 1 to 31", "February 1 to 28"),
        (date(2024, 3, 30), date(2024, 2, 29), "March 1 to 30", "February 1 to 29"),
        (date(2026, 2, 28), date(2026, 1, 28), "February 1 to 28", "January 1 to 28"),
    ],
)
def test_months_of_other_lengths_and_years_are_compared(
    admin_client: Client,
    alice: User,
    freeze: Callable[[date], object],
    *,
    day: date,
    same_day: date,
    days: str,
    same_days: str,
) -> None:
    freeze(day)
    spend(alice, amount=100, date=day)
    spend(alice, amount=200, date=same_day)
    spend(alice, amount=5000, date=same_day.replace(day=1) - timedelta(days=1))

    found = figures(admin_client)

    assert found["Spent this month"] == ("1.00", f"1 expense, {days}")
    assert found["Against last month"] == ("-50.0%", f"2.00 in 1 expense, {same_days}")


def test_change_against_an_empty_month_is_not_shown(
    admin_client: Client, alice: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 5, 21))
    spend(alice, amount=100, date=date(2026, 5, 1))

    assert figures(admin_client)["Against last month"][0] == "–"  # noqa: RUF001  # a dash


def test_empty_database_shows_a_sentence(admin_client: Client, freeze: Callable[[date], object]) -> None:
    freeze(date(2026, 5, 21))

    response = admin_client.get(INDEX)

    assert figures(admin_client) == {
        "Users": ("1", "1 of them active"),
        "Active this week": ("0", "used the API in the last 7 days"),
        "Spent this month": ("0.00", "0 expenses, May 1 to 21"),
        "Against last month": ("–", "0.00 in 0 expenses, April 1 to 21"),  # noqa: RUF001  # a dash
    }
    assert response.context["charts"] == []
    assertContains(response, "Nothing was spent in the last 12 months. The charts come with the first expense.")


@pytest.mark.parametrize(
    ("permissions", "names", "drawn"),
    [
        ((), [], 0),
        (("view_session", "view_budget"), [], 0),
        (("view_user",), ["Users", "Active this week"], 0),
        (("view_expense",), ["Spent this month", "Against last month"], 2),
        (("change_expense",), ["Spent this month", "Against last month"], 2),
        (
            ("view_user", "view_expense"),
            ["Users", "Active this week", "Spent this month", "Against last month"],
            2,
        ),
    ],
)
def test_figures_need_their_view_permission(
    client: Client, alice: User, bob: User, *, permissions: tuple[str, ...], names: list[str], drawn: int
) -> None:
    spend(alice, amount=100, date=today())
    client.force_login(staff(bob, *permissions))

    response = client.get(INDEX)

    assert [figure.name for figure in response.context["figures"]] == names
    assert len(response.context["charts"]) == drawn
    assertContains(response, '<section class="overview"', count=bool(names))
    assertContains(response, "Later dates and deleted expenses do not count.", count=bool(drawn))
    assertContains(response, '<div id="content-main">', count=1)


def test_page_runs_the_same_queries_for_few_rows_and_many(
    admin_client: Client, freeze: Callable[[date], object], django_assert_num_queries: Callable[..., Any]
) -> None:
    freeze(date(2026, 12, 31))
    for number in range(15):
        user = User.objects.create_user(f"person{number}")
        open_session(user=user, user_agent="test")
        spend(user, amount=100, date=date(2026, 12, 31) - timedelta(days=20 * number), category=f"Category {number}")

    # session, user, number of users, of those who were here, sums by day, sums by category, recent actions
    with django_assert_num_queries(7):
        response = admin_client.get(INDEX)

    assert len(response.context["charts"]) == 2


def test_page_of_one_app_has_no_overview(admin_client: Client) -> None:
    assertNotContains(admin_client.get(f"{INDEX}expenses/"), 'class="overview"')
