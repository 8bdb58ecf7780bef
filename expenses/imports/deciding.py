"""Decide what the cells of a table mean, once for the whole file; what is ambiguous becomes a question."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from expenses.imports.cells import Cells, as_text, is_total
from expenses.imports.currencies import CODES
from expenses.imports.date_formats import parse_format
from expenses.imports.days import Days, decide_days, parse_plain
from expenses.imports.errors import Question, Undecided
from expenses.imports.layouts import find_layout
from expenses.imports.money import amount_of, check_split_amounts, choose_money, have_cents
from expenses.imports.numbers import Sign, decide_decimal
from expenses.imports.options import Options
from expenses.imports.reading import Table
from expenses.imports.signs import SPENDING, Side, check_unsigned, decide_sign, find_type

T = TypeVar("T")
# As many cells of a column tell whether it may hold days.
LOOKED_AT = 50
SAID = ("payee", "description", "notes")


class Decision:
    """Everything that is decided before the first row is read. Making it raises Undecided with all that is open."""

    def __init__(self, table: Table, options: Options) -> None:
        self.table, self.options = table, options
        self.cells = Cells(table)
        self.layout = find_layout(table.header.names)
        self.date = self.choose_date()
        self.category = next((place for place in self.cells.places("category") if place != self.date), None)
        self.currency = self.choose_currency()
        self.money = choose_money(self.cells, options, self.date)
        # Then cells below no name are no part of an amount that a comma has cut.
        self.takes_surplus = table.delimiter != "," or have_cents(self.cells, self.money)
        self.amounts: dict[int, tuple[Decimal | None, str | None]] = {}
        self.side = Side("sign")
        self.decimal: Sign = "."
        self.days = Days("YYYY-MM-DD", parse_plain)
        self.decide()

    def decide(self) -> None:
        """Decide on numbers, sides and days. Raise Undecided with the questions of all three."""
        questions: list[Question] = []

        def ask(decide: Callable[[], T], otherwise: T) -> T:
            try:
                return decide()
            except Undecided as error:
                questions.extend(error.questions)
                return otherwise

        self.decimal = ask(self.decide_decimal, self.decimal)
        if not questions:
            self.amounts = {line.number: amount_of(line, self.money, self.decimal) for line in self.cells.lines}
            self.side = ask(self.decide_side, self.side)
        self.days = ask(self.decide_days, self.days)
        if questions:
            raise Undecided(*questions)

    def choose_date(self) -> int:
        """Return the best column of days: one of which a cell has no digit is something else."""
        places = self.cells.places("date")
        for place in places:
            cells = (line.cells[place] for line in self.cells.lines)
            values = [cell for cell in cells if as_text(cell).strip()][:LOOKED_AT]
            if values and all(isinstance(cell, date) or re.search(r"\d", as_text(cell)) for cell in values):
                return place
        return places[0]

    def choose_currency(self) -> int | None:
        for place in self.cells.places("currency"):
            if any(text.strip().upper() in CODES for text in self.cells.texts[place]):
                return place
        return None

    def decide_decimal(self) -> Sign:
        found = (line.cells[place] for line in self.cells.lines for place in self.money.places())
        decimal = decide_decimal([cell for cell in found if isinstance(cell, str)], self.options.decimal)
        if self.table.delimiter == ",":
            for place in self.money.places():
                check_split_amounts(self.cells, place, self.options.decimal)
        return decimal

    def decide_days(self) -> Days:
        cells = [line.cells[self.date] for line in self.cells.lines]
        texts = [cell for cell in cells if isinstance(cell, str) and not is_total(cell)]
        given = self.options.date_format
        if given is None and self.layout and self.layout.date_format:
            known = parse_format(self.layout.date_format)
            given = known if any(known.pattern.fullmatch(text.strip()) for text in texts) else None
        return decide_days(texts, given, typed=any(isinstance(cell, date) for cell in cells))

    def decide_side(self) -> Side:
        """Return what tells spending. Rows without an amount need not say what they are."""
        spending, name = self.options.spending, self.cells.named(self.money.places()[0])
        if self.money.has_two_ways():
            outs = [amount for amount, side in self.amounts.values() if amount and side == SPENDING]
            return Side("columns", decide_sign(outs, spending, None, name) if is_mixed(outs) else None)
        amounts = [self.amounts[line.number][0] for line in self.cells.lines]
        columns = {
            place: [text for text, amount in zip(texts, amounts, strict=True) if amount is not None]
            for place, texts in self.cells.texts.items()
        }
        found = [amount for amount in amounts if amount is not None]
        others = [place for place in columns if place not in {self.date, self.category, *self.money.places()}]
        has_type = self.options.columns.get("type", ()) is not None
        if has_type and (typed := find_type(self.cells.header, columns, unnamed=others)):
            place, words = typed
            spent = [amount for amount, text in zip(found, columns[place], strict=True) if words[text] == SPENDING]
            sign = decide_sign(spent, spending, None, name) if is_mixed(spent) else None
            return Side("type", sign, place, words)
        sign = decide_sign(found, spending, self.layout, name)
        if sign == "positive" and spending is None and self.layout is None:
            check_unsigned(self.cells.header, columns)
        return Side("sign", sign)

    def descriptions(self) -> list[int]:
        """Return the columns of the description: payee, title and notes, or those that the person names."""
        if self.options.columns.get("description"):
            return list(self.cells.places("description"))
        taken = {self.date, self.category, self.side.place, *self.money.places()}
        found = (next((place for place in self.cells.places(role) if place not in taken), None) for role in SAID)
        return list(dict.fromkeys(place for place in found if place is not None))

    def read_as(self) -> dict[str, Any]:
        """Return how the file is read, for people to check."""
        money = self.money
        places = {"date": self.date, "amount": money.amount, "outflow": money.outflow, "inflow": money.inflow}
        places |= {"type": self.side.place, "category": self.category}
        columns: dict[str, Any] = {role: self.cells.named(place) for role, place in places.items() if place is not None}
        columns["description"] = [self.cells.named(place) for place in self.descriptions()]
        return {
            "format": self.table.kind,
            "encoding": self.table.encoding,
            "delimiter": self.table.delimiter,
            "header_line": self.table.header.line,
            "columns": columns,
            "decimal": self.decimal if self.table.kind == "csv" else None,
            "date_format": self.days.name,
            "spending": self.side.reported(),
            "layout": self.layout.name if self.layout else None,
        }


def is_mixed(amounts: Sequence[Decimal]) -> bool:
    return any(amount < 0 for amount in amounts) and any(amount > 0 for amount in amounts)
