"""How a file writes days: one order of day, month and year for all of them, or none."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from expense_tracker.dates import FIRST_DAY, LAST_DAY
from expenses.imports.errors import Question, Undecided, quote
from expenses.imports.months import MONTH_OF

# What may follow a day: a time, with a zone or without. The day counts as it is written, in the zone of the file.
TIME = (
    r"(?:[T,\s]\s*\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?(?:\s*\(?[A-Z]{2,5}\)?)?)?"
)
SEPARATOR = r"\s*[-./\s]\s*"
ISO = re.compile(rf"(?P<year>\d{{4}})([-./ ])(?P<month>\d{{1,2}})\2(?P<day>\d{{1,2}})\.?{TIME}", re.ASCII)
COMPACT = re.compile(rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:\d{{4}}|\d{{6}}|{TIME})", re.ASCII)
CHINESE = re.compile(rf"(?P<year>\d{{4}})\s*[年년]\s*(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日일]{TIME}")
LONG = re.compile(rf"(\d{{1,2}}){SEPARATOR}(\d{{1,2}}){SEPARATOR}(\d{{4}})\.?{TIME}", re.ASCII)
SHORT = re.compile(rf"(\d{{1,2}}){SEPARATOR}(\d{{1,2}}){SEPARATOR}(\d{{2}}){TIME}", re.ASCII)
WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
MONTH_NAME = r"(?P<name>[^\W\d_]{3,14})\.?"
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
# Two digits of a year, as strptime takes them.
CENTURY_BREAK = 69
ORDERS = {"DD/MM": "dmy", "MM/DD": "mdy", "YY/MM/DD": "ymd"}
TOKENS = {
    "YYYY": r"(?P<year>\d{4})", "YY": r"(?P<year>\d{2})",
    "MMMM": rf"{MONTH_NAME}", "MMM": rf"{MONTH_NAME}", "MM": r"(?P<month>\d{1,2})", "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})", "D": r"(?P<day>\d{1,2})",
}  # fmt: skip
PERCENT = {
    "%Y": "YYYY",
    "%y": "YY",
    "%m": "MM",
    "%d": "DD",
    "%b": "MMM",
    "%B": "MMMM",
    "%-m": "M",
    "%-d": "D",
    "%e": "D",
}
TOKEN = re.compile("|".join(TOKENS))
TIME_OF_FORMAT = re.compile(r"[T,\s]\s*(?:HH?|hh?|%[HI])[:.](?:mm|MM|%M)(?:[:.](?:ss|SS|%S))?(?:\s*(?:a|A|tt|aa|%p))?$")
WRONG_FORMAT = "Put YYYY or YY, MM or MMM, and DD together, with - . / or a space between them, such as DD.MM.YYYY."


@dataclass(frozen=True)
class DateFormat:
    """How days are written, as a person says it: `DD.MM.YYYY`, `M/D/YY`, `%d %b %Y`."""

    name: str
    pattern: re.Pattern[str]
    # Day and month the other way round.
    swapped: re.Pattern[str] | None


@dataclass(frozen=True)
class Days:
    """The decision: what it is called, and the day that a cell's text names, None for one that names none."""

    name: str
    parse: Callable[[str], date | None]


def make_day(year: str, month: str | int, day: str) -> date | None:
    """Return the day, or None where there is none or it is out of the range of expenses."""
    number = int(year.lstrip("'’"))
    if len(year.lstrip("'’")) == 2:  # noqa: PLR2004
        number += 1900 if number >= CENTURY_BREAK else 2000
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


@lru_cache(maxsize=1024)
def month_of(name: str) -> int | None:
    decomposed = unicodedata.normalize("NFKD", name)
    return MONTH_OF.get("".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold())


def of_match(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    groups = found.groupdict()
    month = month_of(groups["name"]) if groups.get("name") else groups["month"]
    return make_day(groups["year"], month, groups["day"]) if month else None


def parse_format(text: str) -> DateFormat:
    """Return the format that a person names. Raise Undecided where it is none."""
    name = TIME_OF_FORMAT.sub("", text)
    for directive, token in PERCENT.items():
        name = name.replace(directive, token)
    tokens = [token.upper() for token in re.findall(r"[A-Za-z]+", name)]
    upper = name.upper()
    pattern = pattern_of(upper) if len(text) <= 40 else None  # noqa: PLR2004
    if pattern is None or not tokens:
        raise Undecided(Question("date_format", WRONG_FORMAT, "invalid"))
    other = re.sub("D+|M+", lambda found: ("D" if found[0][0] == "M" else "M") * len(found[0]), upper)
    swapped = pattern_of(other) if "MMM" not in upper else None
    return DateFormat(upper, pattern, swapped)


def pattern_of(name: str) -> re.Pattern[str] | None:
    parts: list[tuple[str, str, str]] = []
    pattern, place = "", 0
    for token in TOKEN.finditer(name):
        separator = name[place : token.start()]
        if separator not in ("", "-", ".", "/", " ", ", ", ". ") or (not parts and separator):
            return None
        pattern += separator_pattern(separator) if separator else ""
        pattern += TOKENS[token[0]] if separator or not parts else TOKENS[token[0]].replace("{1,2}", "{2}")
        parts.append((token[0][0], separator, token[0]))
        place = token.end()
    if sorted(letter for letter, *_ in parts) != ["D", "M", "Y"] or place != len(name):
        return None
    if not parts[1][1] and not parts[2][1]:
        # Without anything between them each must have all its digits.
        if any(part[2] in ("D", "M", "MMM", "MMMM") for part in parts):
            return None
        pattern = pattern.replace("{1,2}", "{2}")
    elif not parts[1][1] or not parts[2][1]:
        return None
    return re.compile(pattern + r"\.?" + TIME, re.ASCII if "MMM" not in name else 0)


def separator_pattern(separator: str) -> str:
    return r"\s*" + re.escape(separator.strip()) + r"\s*" if separator.strip() else r"[,.]?\s+"


def decide_days(cells: Sequence[str], given: DateFormat | None, *, typed: bool = False) -> Days:
    """Return how these cells write days. `given` is what the person says; `typed` that a workbook has real days too.

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
        return of_match(given.pattern.fullmatch(text)) if len(text) <= MAX_LENGTH else None

    if given.swapped:
        other = (text for text in texts if parse(text) is None and of_match(given.swapped.fullmatch(text)))
        if wrong := next(other, None):
            text = f"{quote(wrong)} is no day in the format {given.name}: day and month stand the other way round."
            raise Undecided(Question("date_format", text))
    return Days(given.name, parse)


def decide_order(numeric: list[str]) -> Days:
    """Return the one order that fits all these texts of three numbers."""
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
    return of_match(ISO.fullmatch(text) or COMPACT.fullmatch(text) or CHINESE.fullmatch(text))


def parse_named(text: str) -> date | None:
    """Return the day that is written with the name of its month."""
    if len(text) > MAX_LENGTH:
        return None
    return next((day for pattern in NAMED if (day := of_match(pattern.fullmatch(text)))), None)
