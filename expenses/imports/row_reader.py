"""The rows of a table, once it is decided what its cells mean."""

from collections import Counter
from datetime import date
from decimal import Decimal

from expenses.imports import kinds
from expenses.imports.cells import as_text, is_total
from expenses.imports.columns import normalise
from expenses.imports.deciding import Decision
from expenses.imports.errors import Question, Undecided, listed, quote
from expenses.imports.money import is_chosen
from expenses.imports.numbers import to_cents
from expenses.imports.options import Options
from expenses.imports.reading import Line, Table
from expenses.imports.rows import (
    Progress,
    Reading,
    Row,
    no_progress,
    set_amount,
    set_category,
    set_description,
    unprotect,
)
from expenses.imports.signs import INCOME, SPENDING, SURELY_NO_SPENDING, is_yes, why_not

SHOWN_EACH = 1000
NOT_HAPPENED = frozenset(map(normalise, kinds.NOT_HAPPENED))
MARKS = {"transfer": "a transfer", "excluded": "not counted"}


def read_rows(table: Table, options: Options, progress: Progress = no_progress) -> Reading:
    """Return the rows of a table as they are meant. Raise Undecided for what the file leaves open."""
    decision = Decision(table, options)
    reading = Reading(decision.read_as(), passed_over=table.passed_over)
    reader = RowReader(decision)
    for done, line in enumerate(table.lines, start=1):
        if done % SHOWN_EACH == 0 or done == len(table.lines):
            progress(done, len(table.lines))
        row = reader.read(line)
        if row is None:
            reading.passed_over += 1
        else:
            reading.rows.append(row)
    reader.check_currencies()
    return reading


class RowReader:
    """Read one row after the other."""

    def __init__(self, decision: Decision) -> None:
        self.decision, self.cells = decision, decision.cells
        self.descriptions = decision.descriptions()
        money = decision.money.places()
        self.marks = [
            (place, said) for role, said in MARKS.items() for place in self.cells.places(role) if place not in money
        ]
        self.currencies: Counter[str] = Counter()

    def read(self, line: Line) -> Row | None:
        """Return the row, or None for one of totals, and for one that has neither a day nor an amount."""
        decision = self.decision
        texts = [as_text(cell) for cell in line.cells]
        row = Row(line.number, texts)
        if line.is_wider or (line.surplus and not decision.takes_surplus):
            self.refuse_surplus(row, line)
            return row
        cell = line.cells[decision.date]
        row.date = cell if isinstance(cell, date) else decision.days.parse(as_text(cell).strip())
        money = [texts[place].strip() for place in decision.money.places()]
        if self.says_nothing(row, texts, money):
            return None
        amount, side = decision.amounts[line.number]
        if amount is None:
            self.refuse_amount(row, [text for text in money if text])
        elif reason := self.why_skipped(texts, amount, side):
            self.set_texts(row, texts)
            row.amount = to_cents(abs(amount))
            row.skip(reason)
        else:
            self.read_spending(row, texts, amount)
        return row

    def read_spending(self, row: Row, texts: list[str], amount: Decimal) -> None:
        cents, currency = to_cents(abs(amount)), self.decision.currency
        if cents is None:
            written = " ".join(texts[place].strip() for place in self.decision.money.places())
            row.refuse("amount", f"{quote(written)} has parts of a cent: write at most two digits.")
            return
        set_amount(row, cents)
        if row.status == "created" and row.date is None:
            self.refuse_day(row, texts[self.decision.date].strip())
        if row.status == "created":
            self.set_texts(row, texts)
        if currency is not None and texts[currency].strip():
            self.currencies[texts[currency].strip().upper()] += 1

    def says_nothing(self, row: Row, texts: list[str], money: list[str]) -> bool:
        """Return whether it is a row of totals, or the text at the end of a report."""
        day = texts[self.decision.date].strip()
        filled = [text for text in texts if text.strip()]
        has_total = any(map(is_total, filled))
        if any(money):
            return has_total and row.date is None and (not day or is_total(day))
        return has_total or not day or (row.date is None and len(filled) == 1)

    def refuse_surplus(self, row: Row, line: Line) -> None:
        found = listed([as_text(cell) for cell in line.surplus])
        delimiter = quote(self.decision.table.delimiter or ",")
        text = f"{found} stands beyond the {len(self.cells.header.names)} columns"
        row.refuse(None, f"{text}: put a text or amount with a {delimiter} in it into quotes.")

    def refuse_amount(self, row: Row, written: list[str]) -> None:
        money = self.decision.money
        if not written and money.outflow is not None and money.inflow is None:
            row.skip(f"{quote(self.cells.named(money.outflow))} is empty.")
        elif not written:
            row.refuse("amount", f"The amount is empty: write it as 1250{self.decision.decimal}00.")
        elif len(written) > 1:
            row.refuse("amount", f"{listed(written)} do not fit together: a row has one amount.")
        else:
            row.refuse("amount", f"{quote(written[0])} is no amount: write it as 1250{self.decision.decimal}00.")

    def refuse_day(self, row: Row, text: str) -> None:
        form = self.decision.days.name
        if text:
            row.refuse("date", f"{quote(text)} is no day in the format {form} between 1970 and 9998.")
        else:
            row.refuse("date", f"The day is empty: write it as {form}.")

    def why_skipped(self, texts: list[str], amount: Decimal, way: str | None) -> str | None:
        """Return why the row is none of the spending, or None where it is. `way` is that of two columns of money."""
        if amount == 0:
            return "The amount is 0."
        return self.why_marked(texts) or self.why_on_the_other_side(texts, amount, way)

    def why_marked(self, texts: list[str]) -> str | None:
        for place in self.cells.places("status"):
            if normalise(texts[place]) in NOT_HAPPENED:
                return self.says(place, texts)
        return next((self.says(place, texts, said) for place, said in self.marks if is_yes(texts[place])), None)

    def why_on_the_other_side(self, texts: list[str], amount: Decimal, way: str | None) -> str | None:
        side, money = self.decision.side, self.decision.money
        if side.place is not None and (kind := side.words[texts[side.place]]) != SPENDING:
            return self.says(side.place, texts, kind)
        if way == INCOME and money.inflow is not None:
            return f"The amount is in {quote(self.cells.named(money.inflow))}: income, a refund, or a transfer."
        if side.by == "sign":
            for place in self.cells.places("type"):
                if normalise(texts[place]) in SURELY_NO_SPENDING:
                    return self.says(place, texts)
        return why_not(amount, side.spending) if side.spending else None

    def says(self, place: int, texts: list[str], meaning: str = "") -> str:
        return f"{quote(self.cells.named(place))} is {quote(texts[place])}{': ' if meaning else ''}{meaning}."

    def set_texts(self, row: Row, texts: list[str]) -> None:
        category = self.decision.category
        text = "" if category is None else unprotect(texts[category])
        set_category(row, text, self.decision.options.default_category)
        if row.status != "invalid":
            set_description(row, [unprotect(texts[place]) for place in self.descriptions])

    def check_currencies(self) -> None:
        """Raise Undecided where the spending is in several currencies, unless the person has named the amount."""
        if len(self.currencies) > 1 and not is_chosen(self.decision.options):
            found = listed(sorted(self.currencies))
            text = f"The spending is in several currencies, {found}: name in columns the amount in yours"
            raise Undecided(Question("columns", f"{text}, or send a file for each."))
