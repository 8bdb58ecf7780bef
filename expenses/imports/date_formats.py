"""Formats of days that people name, such as `DD.MM.YYYY` or `%d %b %Y`, as patterns."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from expense_tracker.dates import FIRST_DAY, LAST_DAY
from expenses.imports.errors import Question, Undecided
from expenses.imports.months import MONTH_OF

# What may follow a day: a time, with a zone or without. The day counts as it is written, in the zone of the file.
TIME = (
    r"(?:[T,\s]\s*\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?(?:\s*\(?[A-Z]{2,5}\)?)?)?"
)
MONTH_NAME = r"(?P<name>[^\W\d_]{3,14})\.?"
# Two digits of a year, as strptime takes them.
CENTURY_BREAK = 69
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
    """A format of days as users write it: `DD.MM.YYYY`, `M/D/YY`, `%d %b %Y`."""

    name: str
    pattern: re.Pattern[str]
    # The pattern with day and month swapped.
    swapped: re.Pattern[str] | None


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


def day_of_match(found: re.Match[str] | None) -> date | None:
    """Return the day of a match of one of these patterns, or None."""
    if found is None:
        return None
    groups = found.groupdict()
    month = month_of(groups["name"]) if groups.get("name") else groups["month"]
    return make_day(groups["year"], month, groups["day"]) if month else None


def parse_format(text: str) -> DateFormat:
    """Return the format that the option names. Raise Undecided if it is invalid."""
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
