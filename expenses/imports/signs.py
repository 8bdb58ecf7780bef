"""Which rows are spending: decided by a type column, by two columns of money, or by the sign, for the whole file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from expenses.imports import kinds
from expenses.imports.columns import Header, normalise
from expenses.imports.errors import Question, Undecided, listed, quote
from expenses.imports.layouts import Layout

SPENDING, INCOME, TRANSFER = "spending", "income", "transfer"
BUDGET_WORDS = {
    **dict.fromkeys(map(normalise, kinds.EXPENSE), SPENDING),
    **dict.fromkeys(map(normalise, kinds.INCOME), INCOME),
    **dict.fromkeys(map(normalise, kinds.TRANSFER), TRANSFER),
}
BANK_WORDS = {
    **dict.fromkeys(map(str.casefold, kinds.DEBIT), SPENDING),
    **dict.fromkeys(map(str.casefold, kinds.CREDIT), INCOME),
}
SURELY_NO_SPENDING = frozenset(map(normalise, kinds.SURELY_NO_SPENDING))
NOTHING = frozenset(("", "null", "none", "n/a", "-"))
WORD = re.compile(r"[^\W\d_]+")
CREDIT_CARD = re.compile(r"credit[- ]?(card|limit)|card|kreditkarte")
ASK = "Send spending=negative or spending=positive."


@dataclass(frozen=True)
class Side:
    """The decision. `by` names what decides: `type`, `columns`, or `sign`; `spending` which sign spending has, if any;
    `place` is the column of types, and `words` say what its cells mean."""

    by: str
    spending: str | None = None
    place: int | None = None
    words: dict[str, str] = field(default_factory=dict)

    def reported(self) -> str | None:
        return self.spending if self.by == "sign" else f"by {self.by}"


def kinds_of(values: Sequence[str]) -> dict[str, str] | None:
    """Return what each of these words says, or None where some are no such words, or of two vocabularies."""
    words = {value: " ".join(value.split()).casefold() for value in set(values)}
    for vocabulary in (BUDGET_WORDS, BANK_WORDS):
        found = {value: vocabulary.get(text) or vocabulary.get(normalise(text)) for value, text in words.items()}
        if all(found.values()):
            return {value: kind for value, kind in found.items() if kind}
    return None


def truth_of(values: Sequence[str]) -> dict[str, str] | None:
    """Return what each says in a column called `income`: yes or no; None where some say neither."""
    words = {value: value.strip().casefold() for value in set(values)}
    if not all(text in kinds.YES or text in kinds.NO - NOTHING for text in words.values()):
        return None
    if all(text.isdigit() for text in words.values()):
        return None
    return {value: INCOME if text in kinds.YES else SPENDING for value, text in words.items()}


def is_yes(text: str) -> bool:
    """Return whether a mark such as `transfer` is set: by a word, an amount, or whatever else is not a no."""
    plain = text.strip().casefold()
    return plain not in kinds.NO and re.fullmatch(r"0+([.,]0+)?", plain) is None


def find_type(
    header: Header, column: dict[int, list[str]], *, unnamed: Sequence[int]
) -> tuple[int, dict[str, str]] | None:
    """Return the column that says of every row what it is, and what its words mean, or None.

    A column whose name says nothing counts only where it has both, words of spending and others."""
    for place in header.roles.get("type", ()):
        values = column[place]
        if values and all(value.strip().casefold() not in NOTHING for value in values) and (found := kinds_of(values)):
            return place, found
    for place in header.roles.get("inflow", ()):
        if normalise(header.names[place]) in ("income",) and (found := truth_of(column[place])):
            return place, found
    for place in unnamed:
        values = column[place]
        if 1 < len(set(values)) <= 6 and all(len(value.strip()) > 1 for value in values):  # noqa: PLR2004
            found = kinds_of(values)
            if found and SPENDING in found.values() and len(set(found.values())) > 1:
                return place, found
    return None


def decide_sign(amounts: Sequence[Decimal], spending: str | None, layout: Layout | None, name: str) -> str | None:
    """Return which sign spending has, None where there is no sign to tell by. Raise Undecided where both are there."""
    if spending or layout:
        return spending or (layout.spending if layout else None)
    below, above = any(amount < 0 for amount in amounts), any(amount > 0 for amount in amounts)
    if below and above:
        text = f"There are amounts below and above 0 in {quote(name)}: which are spending? {ASK}"
        raise Undecided(Question("spending", text))
    return "negative" if below else "positive" if above else None


def check_unsigned(header: Header, column: dict[int, list[str]]) -> None:
    """Raise Undecided where amounts have no sign, and something in the file looks as if it told what they are."""
    used = {place for role, places in header.roles.items() if role != "balance" for place in places}
    for place in header.roles.get("type", ()):
        values = sorted({value.strip() for value in column[place] if value.strip().casefold() not in NOTHING})
        if values:
            text = f"No amount has a sign, and {quote(header.named(place))} says {listed(values[:5])}"
            raise Undecided(Question("spending", f"{text}: is all of it spending? Then send spending=positive."))
    telling = [place for place in header.roles.get("balance", ()) if any(value.strip() for value in column[place])]
    for place, name in enumerate(header.names):
        if place not in used and not CREDIT_CARD.search(name.casefold()):
            words = set(WORD.findall(normalise(name)))
            if words & kinds.DIRECTIONS and any(value.strip() for value in column[place]):
                telling.append(place)
    if telling:
        text = f"No amount has a sign, and there is a column {quote(header.named(telling[0]))}: is all of it spending?"
        raise Undecided(Question("spending", f"{text} Then send spending=positive."))


def why_not(amount: Decimal, spending: str) -> str | None:
    """Return why a row of this amount is no spending, or None where it is."""
    if (amount < 0) == (spending == "negative"):
        return None
    side = "above" if amount > 0 else "below"
    return f"The amount is {side} 0: income, a refund, or a transfer."
