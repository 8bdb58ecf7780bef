"""/admin/: what staff see at a look."""

import re
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
from expenses.admin.charts import Chart, format_shortly, letters, scale, shorten
from expenses.admin.dashboard import Figure
from expenses.money import MAX_AMOUNT
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


def charts(client: Client) -> list[Chart]:
    found: list[Chart] = client.get(INDEX).context["charts"]
    return found


def rows(chart: Chart) -> list[tuple[str, int, str]]:
    return [(bar.name, bar.count, bar.money) for bar in chart.bars]


def test_overview_counts_users_and_those_active_this_week(admin_client: Client, alice: User, bob: User) -> None:
    User.objects.create_user("carol", is_active=False)
    for user, days in ((alice, 1), (alice, 6), (bob, 8)):
        Session.objects.create(
            user=user, last_used_at=timezone.now() - timedelta(days=days), expires_at=timezone.now() + timedelta(days=1)
        )

    found = figures(admin_client)

    assert found["Users"] == ("4", "3 of them active")
    assert found["Active this week"] == ("1", "used the API in the last 7 days")


def test_this_month_is_compared_with_the_same_days_of_the_last(
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


def test_there_is_no_change_against_nothing(
    admin_client: Client, alice: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 5, 21))
    spend(alice, amount=100, date=date(2026, 5, 1))

    assert figures(admin_client)["Against last month"][0] == "–"  # noqa: RUF001  # a dash


def test_the_last_12_months_are_drawn_with_those_in_which_nothing_was_spent(
    admin_client: Client, alice: User, bob: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 1, 21))
    spend(alice, amount=1, date=date(2025, 1, 31))  # too long ago
    spend(alice, amount=200, date=date(2025, 2, 1))
    spend(alice, amount=300, date=date(2025, 12, 31))
    spend(bob, amount=4000, date=date(2026, 1, 1))
    spend(bob, amount=50_000, date=date(2026, 1, 21))
    spend(bob, amount=600_000, date=date(2026, 1, 22))  # not yet
    discard(bob, amount=7, date=date(2026, 1, 2))

    response = admin_client.get(INDEX)

    months: Chart = response.context["charts"][0]
    spent = {"February 2025": (1, "2.00"), "December 2025": (1, "3.00"), "January 2026": (2, "540.00")}
    assert months.title == "Spent in each month, Feb 2025 to Jan 2026"
    assert rows(months) == [(name, *spent.get(name, (0, "0.00"))) for name in MONTHS_OF_2026]
    assert re.findall(r"<text[^>]*>([A-Z]\w+)</text>", months.drawing) == [name[:3] for name in MONTHS_OF_2026]
    assertContains(response, "<title>January 2026: 540.00 in 2 expenses</title>")
    assertContains(response, '<tr><th scope="row">January 2026</th><td>2</td><td>540.00</td></tr>', html=True, count=1)
    assertContains(response, "Until today, Jan. 21, 2026 (UTC). Later dates and deleted expenses do not count.")


def test_the_categories_with_the_greatest_totals_are_drawn(
    admin_client: Client, alice: User, bob: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 1, 21))
    for number in range(10):
        spend(alice, amount=100 * number + 100, date=date(2026, 1, 20), category=f"Category {number}")
    spend(bob, amount=2000, date=date(2026, 1, 20), category="Category 3")
    spend(bob, amount=9000, date=date(2025, 1, 31), category="Long ago")
    spend(bob, amount=9000, date=date(2026, 1, 22), category="Not yet")
    discard(bob, amount=9000, date=date(2026, 1, 2), category="Deleted")

    categories = charts(admin_client)[1]

    assert categories.title == "Top categories of these 12 months"
    assert rows(categories) == [
        ("Category 3", 2, "24.00"),
        ("Category 9", 1, "10.00"),
        ("Category 8", 1, "9.00"),
        ("Category 7", 1, "8.00"),
        ("Category 6", 1, "7.00"),
        ("Category 5", 1, "6.00"),
        ("Category 4", 1, "5.00"),
        ("Category 2", 1, "3.00"),
    ]
    # From the bottom, as they are drawn.
    titles = re.findall(r"<title>(.*?)</title>", categories.drawing)
    assert titles[0] == "Category 2: 3.00 in 1 expense"
    assert titles[-1] == "Category 3: 24.00 in 2 expenses"


def test_the_charts_are_shapes_and_text_alone(
    admin_client: Client, alice: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 1, 21))
    spend(alice, amount=100, date=date(2026, 1, 21))

    response = admin_client.get(INDEX)

    for chart, name in zip(response.context["charts"], ("months", "categories"), strict=True):
        assert chart.drawing.startswith(f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}-chart"')
        assert f'role="img" aria-labelledby="{name}-title"' in chart.drawing
        assert f'<title id="{name}-title">{chart.title}</title>' in chart.drawing
        assert chart.drawing.count("http") == 1  # the namespace
        assert not re.search(r"<(script|style|a|image|use|foreignObject|desc|!--|\?)|href|src=|url\(", chart.drawing)
        assertContains(response, chart.drawing, count=1)
        assertContains(response, f"<h2>{chart.title}</h2>", count=1)


def test_user_text_is_escaped(admin_client: Client, alice: User, freeze: Callable[[date], object]) -> None:
    freeze(date(2026, 1, 21))
    for category in ("<script>alert(1)</script>", '"><b>&amp;', "]]></title></svg>", "{{ 7|add:7 }}"):
        spend(alice, amount=100, date=date(2026, 1, 21), category=category)

    response = admin_client.get(INDEX)

    assertNotContains(response, "<script>alert")
    assertNotContains(response, "<b>")
    assertNotContains(response, "]]></title>")
    assertContains(response, "<title>&lt;script&gt;alert(1)&lt;/script&gt;: 1.00 in 1 expense</title>")
    assertContains(response, '<th scope="row">&lt;script&gt;alert(1)&lt;/script&gt;</th>')
    assertContains(response, "{{ 7|add:7 }}: 1.00 in 1 expense")


def test_long_names_and_huge_totals_have_room(
    admin_client: Client, alice: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 1, 21))
    for category in ("食" * 40, "x" * 40):
        for _ in range(3):
            spend(alice, amount=MAX_AMOUNT, date=date(2026, 1, 21), category=category)

    months, categories = charts(admin_client)

    assert rows(months)[-1] == ("January 2026", 6, "59,999,999,999.94")
    assert rows(categories) == [("x" * 40, 3, "29,999,999,999.97"), ("食" * 40, 3, "29,999,999,999.97")]
    labels = [label.strip() for label in re.findall(r"<text[^>]*>(.*?)</text>", categories.drawing)]
    assert labels == ["食" * 9 + "…", "x" * 19 + "…", "29,999,999,999.97", "29,999,999,999.97"]
    bars = [float(width) for width in re.findall(r'<rect [^>]*width="([0-9.]+)"[^>]*class="rect ', categories.drawing)]
    assert min(bars) > 50


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Food", "Food"),
        ("x" * 20, "x" * 20),
        ("x" * 21, "x" * 19 + "…"),
        ("食" * 10, "食" * 10),
        ("食" * 11, "食" * 9 + "…"),
        ("x" * 18 + "  y", "x" * 18 + "…"),
    ],
)
def test_names_are_shortened_to_20_letters(text: str, label: str) -> None:
    assert shorten(text) == label
    assert letters(label) <= 20


@pytest.mark.parametrize(
    ("most", "amounts"),
    [
        (1, ["0", "0.01"]),
        (99, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        (100_00, ["0", "20", "40", "60", "80", "100"]),
        (2_400_00, ["0", "500", "1k", "1.5k", "2k", "2.5k"]),
        (100 * MAX_AMOUNT, ["0", "200B", "400B", "600B", "800B", "1T"]),
        (100_000 * MAX_AMOUNT, ["0", "200T", "400T", "600T", "800T", "1,000T"]),
    ],
)
def test_the_scale_has_round_numbers(most: int, amounts: list[str]) -> None:
    assert [format_shortly(cents) for cents in scale(most)] == amounts


def test_an_empty_database_is_told_in_words(admin_client: Client, freeze: Callable[[date], object]) -> None:
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
def test_staff_see_the_figures_of_what_they_may_view(
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


def test_the_page_needs_no_query_for_a_single_expense_or_user(
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


def test_the_page_of_one_app_has_no_overview(admin_client: Client) -> None:
    assertNotContains(admin_client.get(f"{INDEX}expenses/"), 'class="overview"')
