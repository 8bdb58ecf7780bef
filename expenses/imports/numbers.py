"""Decide how a file writes numbers: one reading for all of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from expenses.imports.currencies import CODES, SIGNS, WORDS
from expenses.imports.errors import Question, Undecided, quote

Sign = Literal[".", ","]
UNITS = "|".join(re.escape(name) for name in sorted({*CODES, *SIGNS, *WORDS}, key=len, reverse=True))
UNIT = rf"(?i:{UNITS})"
# A sign may stand before or behind the number, inside or outside of the currency; brackets are a sign, too.
AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<before>[-+])?\s*{UNIT}?\s*(?P<within>[-+])?\s*(?P<digits>[0-9.,'\s]*[0-9])"
    rf"\s*(?P<behind>[-+])?\s*{UNIT}?\s*(?P<last>[-+])?\s*(?P<close>\))?"
)
# What most are; 50,000 of these take a second less than as the above.
PLAIN = re.compile(r"([-+]?)([0-9]{1,12}(?:[.,][0-9]{1,2})?)")
MINUS = str.maketrans(
    {"\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\uff0d": "-", "\ufe63": "-"}
)
APOSTROPHES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'", "\uff0c": ",", "\uff0e": "."}
)
INVISIBLE = str.maketrans(
    dict.fromkeys("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff\u00ad")
)
# Groups of three, as most write them, and of two, as India does.
GROUPED = r"[1-9][0-9]{{0,2}}(?:{sign}[0-9]{{3}})+|[1-9][0-9]?(?:{sign}[0-9]{{2}})+{sign}[0-9]{{3}}"
OTHER: dict[Sign, Sign] = {".": ",", ",": "."}
MAX_LENGTH = 60
CENT = Decimal("0.01")
# What is left over where a program has added up binary fractions.
NOISE = Decimal("0.000001")
THREE = 3


def number_pattern(decimal: Sign) -> re.Pattern[str]:
    groups = "|".join(
        GROUPED.format(sign=re.escape(sign) if sign != " " else r"\s") for sign in (OTHER[decimal], "'", " ")
    )
    return re.compile(rf"(?P<whole>[0-9]+|{groups})?(?:{re.escape(decimal)}(?P<fraction>[0-9]+))?")


NUMBER: dict[Sign, re.Pattern[str]] = {".": number_pattern("."), ",": number_pattern(",")}


@dataclass(frozen=True, slots=True)
class Written:
    """A number as it is written: its digits with their separators, and whether it is below 0."""

    digits: str
    is_negative: bool


def parse_written(cell: str) -> Written | None:
    """Return the number without sign and currency, or None where the cell holds no number."""
    if found := PLAIN.fullmatch(cell):
        return Written(found[2], found[1] == "-")
    text = cell.strip().translate(INVISIBLE).translate(MINUS).translate(APOSTROPHES)
    found = AMOUNT.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if found is None or (found["open"] is None) != (found["close"] is None):
        return None
    signs = [sign for sign in (found["before"], found["within"], found["behind"], found["last"]) if sign]
    if len(signs) + (found["open"] is not None) > 1:
        return None
    digits = found["digits"].strip()
    if all(decimal_match(digits, sign) is None for sign in NUMBER):
        return None
    return Written(digits, signs == ["-"] or found["open"] is not None)


def decimal_match(digits: str, decimal: Sign) -> re.Match[str] | None:
    return NUMBER[decimal].fullmatch(digits)


def value_of(written: Written, decimal: Sign) -> Decimal | None:
    """Return what is written where `decimal` stands before the cents, or None where it cannot stand so."""
    found = decimal_match(written.digits, decimal)
    if found is None:
        return None
    whole = re.sub(r"[^0-9]", "", found["whole"] or "")
    value = Decimal(f"{whole or 0}.{found['fraction'] or 0}")
    return -value if written.is_negative else value


def to_cents(value: Decimal) -> int | None:
    """Return the cents, or None where there are parts of a cent that are more than a program's noise."""
    rounded = value.quantize(CENT, ROUND_HALF_EVEN) if abs(value) < Decimal(10) ** 20 else value
    if abs(rounded - value) > NOISE:
        return None
    return int(rounded * 100)


def decide_decimal(cells: Sequence[str], given: Sign | None) -> Sign:
    """Return the one sign that stands before the cents in all these cells; any will do where none has cents.

    `given` is what the person says. Raise Undecided where both may stand there, or none."""
    written = [(cell, found) for cell in dict.fromkeys(cells) if (found := parse_written(cell))]
    fitting: dict[Sign, list[bool]] = {
        sign: [decimal_match(found.digits, sign) is not None for _, found in written] for sign in NUMBER
    }
    signs = [sign for sign, fits in fitting.items() if all(fits)]
    if given:
        if given not in signs and signs:
            cell = next(cell for (cell, _), fits in zip(written, fitting[given], strict=True) if not fits)
            raise Undecided(Question("decimal", f'{quote(cell)} does not have "{given}" before the cents.'))
        return given
    if not signs:
        example = {
            sign: next(cell for (cell, _), fits in zip(written, fitting[OTHER[sign]], strict=True) if not fits)
            for sign in NUMBER
        }
        text = f"Amounts are written in two ways, {quote(example['.'])} and {quote(example[','])}: write all in one."
        raise Undecided(Question("decimal", text))
    for cell, found in written:
        if len({value_of(found, sign) for sign in signs}) > 1:
            one, other = (f"{value_of(found, sign) or 0:.2f}" for sign in NUMBER)
            text = (
                f"{quote(cell)} may be {one} or {other}: send decimal=. or decimal=, for what stands before the cents."
            )
            raise Undecided(Question("decimal", text))
    check_fractions(written, signs[0])
    return signs[0]


def check_fractions(written: list[tuple[str, Written]], decimal: Sign) -> None:
    """Raise Undecided where some amounts have cents and others three digits, which may be thousands written wrong."""
    lengths = {
        len(found["fraction"] or ""): cell
        for cell, number in written
        if (found := decimal_match(number.digits, decimal))
    }
    three = lengths.get(THREE)
    short = lengths.get(1) or lengths.get(2)
    if three and short:
        text = f"{quote(three)} beside {quote(short)}: are these thousands? Write all in one way, or send decimal."
        raise Undecided(Question("decimal", text))
