"""Bar charts as SVG to stand in a page of the admin, each with its numbers as a table."""

from dataclasses import dataclass
from itertools import count
from typing import Any
from unicodedata import east_asian_width
from xml.etree.ElementTree import Element

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.style import Style

from expenses.money import format_cents

WIDTH, MARGIN, SPACING, FONT_SIZE = 400, 4, 10, 11
# Of one letter, as the library reckons.
LETTER = 0.6 * FONT_SIZE
# In letters.
LONGEST_LABEL = 20
# A bar that is so many times as long as the next leaves little of the others to be seen.
ABSURD = 20
# Many long bars are no mistakes, and beside few short ones nothing is lost.
MOST_CUT_OFF, FEWEST_LEFT = 3, 3
# Only sizes: colours are in overview.css, which knows dark mode, and whatever would come from elsewhere is left out.
DRAWING: dict[str, Any] = {
    "width": WIDTH,
    "margin": MARGIN,
    "spacing": SPACING,
    "show_legend": False,
    "truncate_label": -1,
    "style": Style(label_font_size=FONT_SIZE, major_label_font_size=FONT_SIZE, value_font_size=FONT_SIZE),
    "js": [],
    "css": [],
    "disable_xml_declaration": True,
}


@dataclass(frozen=True)
class Bar:
    """A number of expenses and their total in cents."""

    name: str
    count: int
    total: int

    @property
    def money(self) -> str:
        return format_cents(self.total, thousands=",")

    @property
    def counted(self) -> str:
        return f"{self.count:,} expense{'' if self.count == 1 else 's'}"


@dataclass(frozen=True)
class Chart:
    title: str
    drawing: SafeString
    column: str
    bars: list[Bar]
    cut_off: list[Bar]


def longest_shown(bars: list[Bar]) -> int:
    """Return in cents how long a bar may be drawn. Longer ones are cut off: one amount with some zeros too many, or a
    few, would flatten all others."""
    totals = sorted((bar.total for bar in bars if bar.total), reverse=True)
    for place in range(min(MOST_CUT_OFF, len(totals) - FEWEST_LEFT), 0, -1):
        if ABSURD * totals[place] <= totals[place - 1]:
            return totals[place] * 5 // 4
    return totals[0]


def months_chart(title: str, months: list[Bar]) -> Chart:
    """Months from left to right, by the first three letters of their names."""
    longest = longest_shown(months)
    marks = scale(longest)
    chart = pygal.Bar(**DRAWING, height=250, range=(0, marks[-1]), value_formatter=format_shortly)
    chart.x_labels = [month.name[:3] for month in months]
    chart.y_labels = marks
    # What is cut off ends where the scale does.
    chart.add(None, [month.total if month.total <= longest else marks[-1] for month in months])
    drawing = draw(chart, "months", title, months, longest)
    return Chart(title, drawing, "Month", months, above(longest, months))


def categories_chart(title: str, categories: list[Bar]) -> Chart:
    """Categories from top to bottom, the greatest first, each with its total beside its bar."""
    upwards = categories[::-1]
    labels = [shorten(category.name) for category in upwards]
    label_width = max(letters(label) for label in labels) + 1
    plot = WIDTH - 2 * MARGIN - SPACING - LETTER * label_width
    beside = LETTER * (len(categories[0].money) + 2)
    longest = longest_shown(categories)
    chart = pygal.HorizontalBar(
        **DRAWING,
        height=26 + 28 * len(categories),
        range=(0, longest * plot / (plot - beside)),
        show_x_labels=False,
        print_values=True,
        print_values_position="top",
    )
    # Browsers drop this white space; without it there would be too little room for wide letters.
    chart.x_labels = [label.rjust(label_width) for label in labels]
    chart.add(
        None,
        [
            {"value": min(category.total, longest), "formatter": lambda _, money=category.money: money}
            for category in upwards
        ],
    )
    drawing = draw(chart, "categories", title, upwards, longest)
    return Chart(title, drawing, "Category", categories, above(longest, categories))


def above(longest: int, bars: list[Bar]) -> list[Bar]:
    """Return the bars that are cut off."""
    return [bar for bar in bars if bar.total > longest]


def scale(most: int) -> list[int]:
    """Up to six round numbers, from 0 to one that is not below `most`."""
    step = next(digit * 10**power for power in count() for digit in (1, 2, 5) if 5 * digit * 10**power >= most)
    return list(range(0, most + step, step))


def format_shortly(cents: float) -> str:
    """For an axis: `950`, `1.5k`, `2M`."""
    amount = cents / 100
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if amount >= size:
            return f"{amount / size:,.6g}{letter}"
    return f"{amount:g}"


def letters(text: str) -> int:
    """Return the width of the text in letters; a Chinese character counts as two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def shorten(text: str) -> str:
    """Return the text, cut to LONGEST_LABEL."""
    if letters(text) <= LONGEST_LABEL:
        return text
    while letters(text) >= LONGEST_LABEL:
        text = text[:-1]
    return text.rstrip() + "…"


def draw(chart: Any, name: str, title: str, bars: list[Bar], longest: int) -> SafeString:
    """The chart's shapes and text alone, with no script and no style of its own. Each of the bars, which are in the
    order of the drawing, says its numbers to whoever points at it."""

    def finish(svg: Element) -> Element:
        svg[:] = svg.findall("g")
        for group in list(svg.iter("g")):
            group[:] = [child for child in group if child.tag not in {"title", "desc"}]
        for drawn, bar in zip(svg.findall(".//g[@class='bar']"), bars, strict=True):
            add_title(drawn, f"{bar.name}: {bar.money} in {bar.counted}")
            if bar.total > longest:
                drawn.set("class", "bar cut-off")
        add_title(svg, title, id=f"{name}-title")
        svg.attrib.update({"id": f"{name}-chart", "role": "img", "aria-labelledby": f"{name}-title"})
        return svg

    drawing: str = chart.add_xml_filter(finish).render()
    # All text in it, of which people have typed some, is escaped by ElementTree.
    return mark_safe(drawing)  # noqa: S308  # nosec B308 B703  # see above


def add_title(shape: Element, text: str, **attributes: str) -> None:
    # The library makes its elements with lxml where that is installed, which takes no others.
    title = shape.makeelement("title", attributes)
    title.text = text
    shape.insert(0, title)
