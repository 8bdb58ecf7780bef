"""Decide how a file writes days: one order of day, month and year for all of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from expenses.imports.date_formats import MONTH_NAME, TIME, DateFormat, day_of_match, make_day
from expenses.imports.errors import Question, Undecided, quote

SEPARATOR = r"\s*[-./\s]\s*"
ISO = re.compile(rf"(?P<year>\d{{4}})([-./ ])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})\.?{TIME}", re.ASCII)
COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:\d{{4}}|\d{{6}}|{TIME})", re.ASCII)
CHINESE = re.compile(rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]{TIME}")
LONG = re.compile(rf"(\d{{1,2}}){SEPARATOR}(\d{{1,2}}){SEPARATOR}(\d{{4}})\.?{TIME}", re.ASCII)
SHORT = re.compile(rf"(\d{{1,2}}){SEPARATOR}(\d{{1,2}}){SEPARATOR}(\d{{2}}){TIME}", re.ASCII)
WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
DAY_FIRST = re.compile(
    rf"{WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º)?[-\s./,]*(?:de\s+)?{MONTH_NAME}[-\s./,]*(?:de\s+)?"
    rf"(?P<year>\d{{4}}|['’]?\d{{2}}){TIME}"
)
MONTH_FIRST = re.compile(
    rf"{WEEKDAY}{MONTH_NAME}[-\s./]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[,\s]+(?P<year>\d{{4}}){TIME}"
)
YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-\s./]*{MONTH_NAME}[-\s./]*(?P<day>\d{{1,2}}){TIME}")
NAMED = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)
MAX_LENGTH = 60
ORDERS = {"DD/MM": "dmy", "MM/DD": "mdy", "YY/MM/DD": "ymd"}


@dataclass(frozen=True)
class Days:
    """The decision: its name, and a function from the text of a cell to its day, None for an invalid one."""

    name: str
    parse: Callable[[str], date | None]


def decide_days(cells: Sequence[str], given: DateFormat | None, *, typed: bool = False) -> Days:
    """Return how these cells write days. `given` is the format of the option; with `typed`, a workbook has date cells
    too.

    Raise Undecided where the order of day and month cannot be told, or where the given one does not fit."""
    texts = [text for text in dict.fromkeys(cell.strip() for cell in cells) if text and len(text) <= MAX_LENGTH]
    numeric = [text for text in texts if LONG.fullmatch(text) or SHORT.fullmatch(text)]
    if typed and numeric:
        # What a spreadsheet of another country makes of days: those up to the 12th with day and month swapped.
        text = f"{quote(numeric[0])} is text, other days are real ones: make them all days in the workbook."
        raise Undecided(Question("date_format", text))
    if given:
        return decide_given(texts, given)
    if not numeric:
        for text in texts:
            if (
                parse_plain(text) is None
                and (found := ISO.fullmatch(text))
                and make_day(found["year"], found["day"], found["month"])
            ):
                raise Undecided(
                    Question("date_format", f"{quote(text)} is no day with the month in the middle. Send date_format.")
                )
        named = any(parse_named(text) for text in texts)
        return Days("D MMM YYYY" if named else "YYYY-MM-DD", lambda text: parse_plain(text) or parse_named(text))
    others = [text for text in texts if parse_plain(text) or parse_named(text)]
    if others:
        text = f"Days are written in two ways: {quote(numeric[0])} beside {quote(others[0])}."
        raise Undecided(Question("date_format", text))
    return decide_order(numeric)


def decide_given(texts: list[str], given: DateFormat) -> Days:
    def parse(text: str) -> date | None:
        return day_of_match(given.pattern.fullmatch(text)) if len(text) <= MAX_LENGTH else None

    if given.swapped:
        other = (text for text in texts if parse(text) is None and day_of_match(given.swapped.fullmatch(text)))
        if wrong := next(other, None):
            text = f"{quote(wrong)} is no day in the format {given.name}: day and month stand the other way round."
            raise Undecided(Question("date_format", text))
    return Days(given.name, parse)


def decide_order(numeric: list[str]) -> Days:
    """Return the one order of day, month and year that fits all these texts of three numbers."""
    long = [text for text in numeric if LONG.fullmatch(text)]
    if long and len(long) < len(numeric):
        short = next(text for text in numeric if text not in set(long))
        text = f"Years are written in two ways: {quote(long[0])} and {quote(short)}."
        raise Undecided(Question("date_format", text))
    orders = {name: order for name, order in ORDERS.items() if not (long and order == "ymd")}
    readings = {name: [in_order(text, order) for text in numeric] for name, order in orders.items()}
    possible = {name: days for name, days in readings.items() if all(days)}
    if not possible:
        # What fits most; the others are rows that are not valid, unless both orders are there.
        counts = {name: sum(day is not None for day in days) for name, days in readings.items()}
        best = max(counts.values())
        winners = [name for name, count in counts.items() if count == best]
        others = {name: days for name, days in readings.items() if name not in winners}
        if len(winners) > 1 or any(
            day is not None and mine is None
            for days in others.values()
            for day, mine in zip(days, readings[winners[0]], strict=True)
        ):
            text = (
                "No one order of day and month fits all days: " + ", ".join(quote(text) for text in numeric[:4]) + "."
            )
            raise Undecided(Question("date_format", text))
        possible = {winners[0]: readings[winners[0]]}
    if len({tuple(days) for days in possible.values()}) > 1:
        example = next(text for text, *days in zip(numeric, *possible.values(), strict=True) if len(set(days)) > 1)
        formats = " or ".join(as_format(name, numeric[0]) for name in possible)
        text = f"The order of day and month in {quote(example)} cannot be told: send date_format={formats}."
        raise Undecided(Question("date_format", text))
    name = next(iter(possible))
    order = orders[name]
    return Days(as_format(name, numeric[0]), lambda text: in_order(text, order))


def as_format(name: str, example: str) -> str:
    """Return the order as an option takes it, with the separators of the example."""
    separator = next((sign for sign in example if not sign.isdigit() and not sign.isspace()), " ")
    year = "" if name.startswith("Y") else "/YYYY" if LONG.fullmatch(example) else "/YY"
    return f"{name}{year}".replace("/", separator)


def in_order(text: str, order: str) -> date | None:
    found = LONG.fullmatch(text) or SHORT.fullmatch(text)
    if found is None:
        return None
    parts = dict(zip(order, found.groups()[:3], strict=True))
    return make_day(parts["y"], parts["m"], parts["d"])


def parse_plain(text: str) -> date | None:
    """Return the day that is written with the year first."""
    if len(text) > MAX_LENGTH:
        return None
    return day_of_match(ISO.fullmatch(text) or COMPACT.fullmatch(text) or CHINESE.fullmatch(text))


def parse_named(text: str) -> date | None:
    """Return the day that is written with the name of its month."""
    if len(text) > MAX_LENGTH:
        return None
    return next((day for pattern in NAMED if (day := day_of_match(pattern.fullmatch(text)))), None)
