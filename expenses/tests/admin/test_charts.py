"""The charts of the admin's overview."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from expenses.admin.charts import Chart, format_shortly, letters, scale, shorten
from expenses.money import MAX_AMOUNT
from expenses.tests.admin.pages import charts
from expenses.tests.admin.records import discard, spend

INDEX = "/admin/"
MONTHS_OF_2026 = [
    *("February 2025", "March 2025", "April 2025", "May 2025", "June 2025", "July 2025", "August 2025"),
    *("September 2025", "October 2025", "November 2025", "December 2025", "January 2026"),
]


def rows(chart: Chart) -> list[tuple[str, int, str]]:
    return [(bar.name, bar.count, bar.money) for bar in chart.bars]


def test_chart_shows_the_last_12_months_with_empty_ones(
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


def test_chart_shows_the_categories_with_the_greatest_totals(
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


def test_charts_contain_only_shapes_and_text(
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
def test_scale_has_round_numbers(most: int, amounts: list[str]) -> None:
    assert [format_shortly(cents) for cents in scale(most)] == amounts
