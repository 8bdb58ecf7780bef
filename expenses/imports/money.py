"""Which columns of a table have the money, and how each row's amount is told from them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from expenses.imports.cells import Cells
from expenses.imports.columns import MONEY, normalise
from expenses.imports.errors import Question, Undecided, listed, quote
from expenses.imports.numbers import Sign, parse_written, value_of
from expenses.imports.options import Options
from expenses.imports.reading import Cell, Line
from expenses.imports.signs import INCOME, SPENDING, is_yes

DOUBLE_ENTRY = re.compile(r"(expenses?|assets?|liabilities|income|equity)(:|$)", re.IGNORECASE)
ACCOUNTS = frozenset(("full account name", "account", "account name", "transfer account", "full category path"))
OF_ONE_PIECE = frozenset(("price", "preis", "prix", "precio", "prezzo", "preco", "prijs", "pris", "cena"))
ONE = frozenset(("", "1", "1.0", "1,0", "1.00", "1,00"))
# Columns in which a number is no part of an amount beside them.
NUMERIC = ("date", *MONEY, "balance", "transfer", "quantity")
# What a comma makes of an amount, with a sign or a currency around it: `1` and `250.00`, `12` and `50`.
FIRST_GROUP = re.compile(r"\D{0,6}\d{1,3}")
OTHER_GROUP = re.compile(r"\d{3}(\.\d+)?\D{0,6}")
CENTS = re.compile(r"\d{1,3}\D{0,6}")
MONEY_WITH_CENTS = re.compile(r"\D{0,6}\d+[.,]\d\d\D{0,6}")
MOVED = "{one} is followed by {two}: has a comma in a text moved the cells? Then put that text into quotes."
HAS_CENTS = re.compile(r"[.,]\d\d?\b(?![.,]?\d)")
HAS_POINT_AND_CENTS = re.compile(r"\d\.\d\d\b")


@dataclass(frozen=True)
class Money:
    """Where the money of a row is: in one column, or in two."""

    amount: int | None
    outflow: int | None = None
    inflow: int | None = None

    def places(self) -> list[int]:
        return [place for place in (self.amount, self.outflow, self.inflow) if place is not None]

    def has_two_ways(self) -> bool:
        return self.outflow is not None or self.inflow is not None


def is_chosen(options: Options) -> bool:
    """Return whether the person names the columns of the money."""
    return any(options.columns.get(role) for role in MONEY)


def choose_money(cells: Cells, options: Options, date: int) -> Money:
    """Return the columns of the money; `date` is that of the days. Raise Undecided where two that may be it differ."""
    check_double_entry(cells)
    chosen = is_chosen(options)
    roles = {role: [place for place in cells.places(role) if place != date] for role in MONEY}
    amounts = roles["amount"]
    if not chosen:
        amounts = [place for place in amounts if cells.is_money(place)] or amounts
    check_agreement(cells, amounts)
    amount = amounts[0] if amounts else None
    out, into = (choose_flow(cells, roles[role], chosen=chosen) for role in ("outflow", "inflow"))
    if amount is not None and not chosen and not tells_side(cells, amount, out, into):
        out = into = None
    if amount is None and out is None:
        place = into if into is not None else (*roles["outflow"], *roles["inflow"])[0]
        text = f"{quote(cells.named(place))} is no column of spending: say with the option columns which is."
        raise Undecided(Question("columns", text))
    check_quantity(cells, amount)
    return Money(amount, out, into)


def check_double_entry(cells: Cells) -> None:
    """Raise Undecided for a file of double entries: each purchase is two rows, one for each account."""
    for place, name in enumerate(cells.header.names):
        if normalise(name) in ACCOUNTS:
            found = (DOUBLE_ENTRY.match(text.strip()) for text in cells.texts[place])
            tops = {match[1].casefold() for match in found if match}
            if tops & {"expenses", "expense"} and len(tops) > 1:
                text = f"{quote(name)} has accounts of both sides of double entries: export only those of expenses."
                raise Undecided(Question("columns", text))


def choose_flow(cells: Cells, places: Sequence[int], *, chosen: bool) -> int | None:
    """Return the column of money going one way, or None. One that is empty is one, too."""
    found = [place for place in places if chosen or cells.is_money(place)]
    check_agreement(cells, found)
    return next(iter([*found, *filter(cells.is_empty, places)]), None)


def tells_side(cells: Cells, amount: int, out: int | None, into: int | None) -> bool:
    """Return whether one of two columns beside the amount has something in every row."""
    if out is None or into is None:
        return False
    rows = zip(cells.texts[amount], cells.texts[out], cells.texts[into], strict=True)
    return all(not one.strip() or is_yes(first) or is_yes(second) for one, first, second in rows)


def check_agreement(cells: Cells, places: Sequence[int]) -> None:
    """Raise Undecided where two columns may be the same money and differ."""
    for other in places[1:]:
        for mine, theirs in zip(cells.texts[places[0]], cells.texts[other], strict=True):
            one, two = parse_written(mine), parse_written(theirs)
            if two is not None and (one is None or one.digits != two.digits):
                both = listed([cells.named(places[0]), cells.named(other)])
                text = f"The columns {both} differ: say with the option columns which is the amount."
                raise Undecided(Question("columns", text))


def check_quantity(cells: Cells, amount: int | None) -> None:
    """Raise Undecided where the amount may be that of one piece of several."""
    if amount is None or normalise(cells.named(amount)) not in OF_ONE_PIECE:
        return
    for place in cells.places("quantity"):
        several = next((text for text in cells.texts[place] if text.strip() not in ONE), None)
        if several is not None:
            text = f"{quote(cells.named(amount))} may be of one piece, and there are {quote(several)}: send columns."
            raise Undecided(Question("columns", text))


def check_split_amounts(cells: Cells, place: int, decimal: Sign | None) -> None:
    """Raise Undecided where a comma in an amount without quotes may have made two cells of it, in a file of commas.

    `decimal` is what the person says: a point before the cents leaves the comma to thousands."""
    if place + 1 >= len(cells.header.names) or any(place + 1 in cells.places(role) for role in NUMERIC):
        return
    pairs = [(one.strip(), two.strip()) for one, two in zip(cells.texts[place], cells.texts[place + 1], strict=True)]
    beside = [two for one, two in pairs if HAS_CENTS.search(one)]
    # Behind an amount that has its cents, the same is a number of another kind.
    others = {found[1] is None for two in beside if (found := OTHER_GROUP.fullmatch(two))}
    moved = any(MONEY_WITH_CENTS.fullmatch(two) for two in beside)
    for one, two in pairs:
        text = f"Is {quote(f'{one},{two}')} one amount? Then put it into quotes. If not, "
        group = OTHER_GROUP.fullmatch(two) if FIRST_GROUP.fullmatch(one) else None
        if group and (group[1] is None) not in others:
            raise Undecided(Question("delimiter", f"{text}write ; between the cells."))
        if one and not HAS_CENTS.search(one) and MONEY_WITH_CENTS.fullmatch(two) and not moved:
            raise Undecided(Question("delimiter", MOVED.format(one=quote(one), two=quote(two))))
        if one and not beside and decimal != "." and CENTS.fullmatch(two):
            raise Undecided(Question("decimal", f"{text}send decimal=. with the file."))


def have_cents(cells: Cells, money: Money) -> bool:
    """Return whether all amounts have cents behind a point: a comma without quotes has cut none of them."""
    texts = (text for place in money.places() for text in cells.texts[place])
    return all(not text.strip() or HAS_POINT_AND_CENTS.search(text) for text in texts)


def value(cell: Cell, decimal: Sign) -> Decimal | None:
    """Return the number that a cell holds, or None."""
    if isinstance(cell, Decimal):
        return cell
    written = parse_written(cell) if isinstance(cell, str) else None
    return value_of(written, decimal) if written else None


def amount_of(line: Line, money: Money, decimal: Sign) -> tuple[Decimal | None, str | None]:
    """Return the amount, with the sign that it has in the file, and which of two columns it is in: spending or income.

    None where there is none, or where what there is does not fit together."""
    amount, out, into = (
        None if place is None else value(line.cells[place], decimal)
        for place in (money.amount, money.outflow, money.inflow)
    )
    if not money.has_two_ways():
        return amount, None
    flow = out or into
    if not flow:
        is_nothing = not amount and (out is not None or into is not None)
        return (Decimal(0) if is_nothing else None), None
    if (out and into) or (amount is not None and abs(amount) != abs(flow)):
        return None, None
    return flow, SPENDING if out else INCOME
