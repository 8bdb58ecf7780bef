"""The overview where somebody has typed some zeros too many."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from expenses.admin.charts import Bar, longest_shown
from expenses.admin.dashboard import name_change
from expenses.money import MAX_AMOUNT
from expenses.tests.admin.records import spend

INDEX = "/admin/"


def drawn(drawing: str, side: str) -> list[float]:
    """The length of each bar, by the side of its rectangle."""
    return [float(length) for length in re.findall(rf'<rect [^>]*{side}="([0-9.]+)"[^>]*class="rect ', drawing)]


def test_one_absurd_amount_leaves_room_for_the_other_bars(
    admin_client: Client, alice: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 6, 21))
    for month, category in enumerate(("Food", "Rent", "Fun", "Tea"), start=1):
        spend(alice, amount=100_00 + month, category=category, date=date(2026, month, 1))
    spend(alice, amount=MAX_AMOUNT, category="Typo", date=date(2026, 5, 1))

    response = admin_client.get(INDEX)

    months, categories = response.context["charts"]
    note = "Cut off, to leave the others room: {} <strong>9,999,999,999.99</strong>."
    for chart, side, name in ((months, "height", "May 2026"), (categories, "width", "Typo")):
        assert [bar.name for bar in chart.cut_off] == [name]
        assertContains(response, note.format(name))
        lengths = [length for length in drawn(chart.drawing, side) if length]
        assert len(lengths) == 5
        assert max(lengths) < 2 * min(lengths)
        assert chart.drawing.count('class="bar cut-off"') == 1
    assert "<title>May 2026: 9,999,999,999.99 in 1 expense</title>" in months.drawing
    assert re.findall(r"<text[^>]*>([0-9]+)</text>", months.drawing) == ["0", "50", "100", "150"]
    assert ">9,999,999,999.99</text>" in categories.drawing


def test_nothing_is_cut_off_where_all_bars_can_be_seen(
    admin_client: Client, alice: User, freeze: Callable[[date], object]
) -> None:
    freeze(date(2026, 6, 21))
    for month in range(1, 7):
        spend(alice, amount=10**month, category=str(month), date=date(2026, month, 1))

    response = admin_client.get(INDEX)

    assert [chart.cut_off for chart in response.context["charts"]] == [[], []]
    assertNotContains(response, "Cut off")


@pytest.mark.parametrize(
    ("totals", "longest"),
    [
        ([5], 5),
        ([0, 0, 7], 7),
        ([100, 100, 100, 1900], 1900),
        ([100, 100, 100, 2000], 125),
        ([100, 90, 80, 5000, 2000], 125),
        ([100, 90, 80, 200_000, 2000], 125),
        ([100, 90, 80, 9000, 9000, 9000], 125),
        ([100, 90, 80, 9000, 9000, 9000, 9000], 9000),
        ([100, 100, 9000, 0], 9000),
    ],
)
def test_a_few_bars_are_cut_off_that_are_far_longer_than_all_others(totals: list[int], longest: int) -> None:
    assert longest_shown([Bar("", 1, total) for total in totals]) == longest


@pytest.mark.parametrize(
    ("this", "last", "change"),
    [(150, 100, "+50.0%"), (0, 100, "-100.0%"), (1999, 100, "+1,899.0%"), (2000, 100, "20 times"), (1, 0, "–")],  # noqa: RUF001
)
def test_a_change_beyond_all_measure_is_no_percentage(this: int, last: int, change: str) -> None:
    assert name_change(this, last) == change
