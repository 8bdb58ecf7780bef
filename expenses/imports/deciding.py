"""What the cells of a table mean, decided for the whole file; what can be read in two ways is a question."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from expenses.imports import kinds
from expenses.imports.columns import MONEY, normalise
from expenses.imports.currencies import CODES
from expenses.imports.days import Days, decide_days, parse_format
from expenses.imports.errors import Question, Undecided, listed, quote
from expenses.imports.layouts import Layout, find_layout
from expenses.imports.numbers import decide_decimal, parse_written, to_cents, value_of
from expenses.imports.options import Options
from expenses.imports.reading import Cell, Line, Table
from expenses.imports.rows import Progress, Reading, Row, no_progress, set_amount, set_category, set_description, unprotect
from expenses.imports.signs import (
    INCOME,
    SPENDING,
    SURELY_NO_SPENDING,
    TRANSFER,
    Side,
    check_unsigned,
    decide_sign,
    find_type,
    is_yes,
    why_not,
)

SHOWN_EACH = 1000
NOT_HAPPENED = frozenset(map(normalise, kinds.NOT_HAPPENED))
TOTALS = frozenset(map(normalise, kinds.TOTALS))
OPENING = re.compile(r"(beginning|ending|opening|closing|starting) balance\b")
DOUBLE_ENTRY = re.compile(r"^(expenses?|assets?|liabilities|income|equity)(:|$)", re.IGNORECASE)
ACCOUNTS = frozenset(
    ("full account name", "account", "account name", "category", "transfer account", "full category path")
)
Column = dict[int, list[str]]


@dataclass(frozen=True)
class Money:
    """Where the money of a row is: in one column, or in two."""

    amount: int | None
    outflow: int | None
    inflow: int | None

    def places(self) -> list[int]:
        return [place for place in (self.amount, self.outflow, self.inflow) if place is not None]


class Decision:
    """Everything that is decided before the first row is read. Raise Undecided with all questions that are open."""

    def __init__(self, table: Table, options: Options) -> None:
        self.table, self.options, self.header = table, options, table.header
        self.layout: Layout | None = find_layout(self.header.names)
        self.lines = [line for line in table.lines if not line.is_wider]
        self.texts: Column = {
            place: [as_text(line.cells[place]) for line in self.lines] for place in range(len(self.header.names))
        }
        self.date = self.choose_date()
        self.category = self.first("category")
        self.currency = self.choose_currency()
        self.check_double_entry()
        self.money = self.choose_money()
        # Cells below no name are no part of an amount that a comma has cut.
        money = [self.texts[place] for place in self.money.places()]
        self.has_cents = table.delimiter != "," or all(
            not text.strip() or re.search(r"\d[.]\d\d\b", text) for texts in money for text in texts
        )
        self.words: dict[str, str] = {}
        self.amounts: dict[int, tuple[Decimal | None, str | None]] = {}
        questions: list[Question] = []
        self.decimal = self.ask(questions, self.decide_decimal)
        if self.decimal:
            self.amounts = {line.number: self.amount_of(line) for line in self.lines}
            self.side = self.ask(questions, self.decide_side)
        self.days = self.ask(questions, self.decide_days)
        if questions:
            raise Undecided(*questions)

    @staticmethod
    def ask(questions: list[Question], decide: Callable[[], Any]) -> Any:
        try:
            return decide()
        except Undecided as error:
            questions.extend(error.questions)

    def first(self, role: str) -> int | None:
        return next((place for place in self.header.roles.get(role, ()) if place != getattr(self, "date", None)), None)

    def choose_date(self) -> int:
        """Return the best column of days: one of which no cell has a digit is something else."""
        places = self.header.roles["date"]
        for place in places:
            values = [line.cells[place] for line in self.lines if as_text(line.cells[place]).strip()]
            if values and all(isinstance(value, date) or re.search(r"\d", str(value)) for value in values[:50]):
                return place
        return places[0]

    def choose_currency(self) -> int | None:
        for place in self.header.roles.get("currency", ()):
            if any(text.strip().upper() in CODES for text in self.texts[place]):
                return place
        return None

    def check_double_entry(self) -> None:
        """Raise Undecided for a file of double entries: each purchase is two rows, one for each account."""
        for place, name in enumerate(self.header.names):
            if normalise(name) in ACCOUNTS and normalise(name) != "category":
                tops = {
                    text.split(":")[0].strip().casefold()
                    for text in self.texts[place]
                    if DOUBLE_ENTRY.match(text.strip())
                }
                if tops & {"expenses", "expense"} and len(tops) > 1:
                    text = f"{quote(name)} has accounts of both sides of double entries: export only those of expenses."
                    raise Undecided(Question("columns", text))

    def is_money(self, place: int) -> bool:
        texts = [text for text in self.texts[place] if text.strip()]
        return bool(texts) and all(parse_written(text) for text in texts[:200])

    def choose_money(self) -> Money:
        """Return the columns of the money. Raise Undecided where two that may be it do not agree."""
        taken = {self.date}
        roles = {role: [place for place in self.header.roles.get(role, ()) if place not in taken] for role in MONEY}
        chosen = any(self.options.columns.get(role) for role in MONEY)
        amounts = (
            roles["amount"]
            if chosen
            else [place for place in roles["amount"] if self.is_money(place)] or roles["amount"]
        )
        self.check_agreement(amounts)
        amount = amounts[0] if amounts else None
        out, into = (self.flow(roles[role], chosen=chosen) for role in ("outflow", "inflow"))
        if amount is not None and not chosen and not self.tells_side(amount, out, into):
            out = into = None
        if amount is None and out is None:
            place = into if into is not None else (*roles["outflow"], *roles["inflow"])[0]
            text = f"{quote(self.header.named(place))} is no column of spending: say with the option columns which is."
            raise Undecided(Question("columns", text))
        self.check_quantity(amount)
        return Money(amount, out, into)

    def flow(self, places: Sequence[int], *, chosen: bool) -> int | None:
        """Return the column of money going one way, or None. One that is empty is one, too."""
        found = [place for place in places if chosen or self.is_money(place)]
        self.check_agreement(found)
        empty = [place for place in places if not any(text.strip() for text in self.texts[place])]
        return next(iter([*found, *empty]), None)

    def tells_side(self, amount: int, out: int | None, into: int | None) -> bool:
        """Return whether one of two columns beside the amount has something in every row."""
        if out is None or into is None:
            return False
        rows = zip(self.texts[amount], self.texts[out], self.texts[into], strict=True)
        return all(not one.strip() or is_yes(first) or is_yes(second) for one, first, second in rows)

    def check_agreement(self, places: Sequence[int]) -> None:
        """Raise Undecided where two columns may be the amount and differ."""
        if len(places) < 2:  # noqa: PLR2004
            return
        first = places[0]
        for other in places[1:]:
            for mine, theirs in zip(self.texts[first], self.texts[other], strict=True):
                one, two = parse_written(mine), parse_written(theirs)
                if two is not None and (one is None or one.digits != two.digits):
                    both = listed([self.header.named(place) for place in (first, other)])
                    text = f"The columns {both} differ: say with the option columns which is the amount."
                    raise Undecided(Question("columns", text))

    def check_quantity(self, amount: int | None) -> None:
        for place in self.header.roles.get("quantity", ()):
            several = [
                text for text in self.texts[place] if text.strip() not in ("", "1", "1.0", "1,0", "1.00", "1,00")
            ]
            if (
                several
                and amount is not None
                and normalise(self.header.names[amount]) in ("price", "preis", "prix", "precio")
            ):
                text = (
                    f"{quote(self.header.named(amount))} may be of one piece, and there are {several[0]}: send columns."
                )
                raise Undecided(Question("columns", text))

    def decide_decimal(self) -> str:
        places = self.money.places()
        cells = [
            str(line.cells[place]) for line in self.lines for place in places if isinstance(line.cells[place], str)
        ]
        decimal = decide_decimal(cells, self.options.decimal)
        if self.table.delimiter == "," and not any(self.options.columns.get(role) for role in MONEY):
            for place in places:
                self.check_split_amounts(place)
        return decimal

    def check_split_amounts(self, place: int) -> None:
        """Raise Undecided where a comma in an amount without quotes may have made two cells of it."""
        numeric = ("date", *MONEY, "balance", "transfer", "quantity")
        if place + 1 >= len(self.header.names) or any(place + 1 in self.header.roles.get(role, ()) for role in numeric):
            return
        pairs = list(zip(self.texts[place], self.texts[place + 1], strict=True))
        # Where an amount has cents, and the next cell is a number all the same, that is a column of numbers.
        has_point = [(one, two) for one, two in pairs if re.search(r"\d[.]\d", one)]
        if any(parse_written(two) for _, two in has_point):
            return
        for one, two in pairs:
            is_whole = re.fullmatch(r"\D{0,4}\d+", one.strip()) is not None
            if is_whole and re.fullmatch(r"\d{3}(\.\d{1,2})?", two.strip()):
                text = f"Is {quote(f'{one},{two}')} one amount? Then put it into quotes. If not, name the amount in columns."
                raise Undecided(Question("columns", text))
            if (
                is_whole
                and not has_point
                and self.options.decimal is None
                and re.fullmatch(r"\d{1,2}\D{0,4}", two.strip())
            ):
                text = (
                    f"Is {quote(f'{one},{two}')} one amount? Then put it into quotes. If not, send the option decimal."
                )
                raise Undecided(Question("decimal", text))

    def decide_days(self) -> Days:
        cells = [line.cells[self.date] for line in self.lines]
        given = self.options.date_format
        texts = [cell for cell in cells if isinstance(cell, str)]
        if given is None and self.layout and self.layout.date_format:
            given = parse_format(self.layout.date_format)
            if not any(given.pattern.fullmatch(text.strip()) for text in texts):
                given = None
        typed = any(isinstance(cell, date) for cell in cells)
        return decide_days([text for text in texts if not is_total(text)], given, typed=typed)

    def value(self, cell: Cell) -> Decimal | None:
        if isinstance(cell, Decimal):
            return cell
        written = parse_written(cell) if isinstance(cell, str) else None
        return value_of(written, "," if self.decimal == "," else ".") if written else None

    def amount_of(self, line: Line) -> tuple[Decimal | None, str | None]:
        """Return the amount, below 0 as the file has it, and which of two columns it is in: spending or income."""
        money = self.money
        if money.outflow is None and money.inflow is None:
            return (self.value(line.cells[money.amount]) if money.amount is not None else None), None
        out, into = (
            self.value(line.cells[place]) if place is not None else None for place in (money.outflow, money.inflow)
        )
        amount = self.value(line.cells[money.amount]) if money.amount is not None else None
        if out and into:
            return None, None
        if amount is not None and (out or into) and abs(amount) != abs(out or into or 0):
            return None, None
        if out:
            return out, SPENDING
        if into:
            return into, INCOME
        if amount:
            return None, None
        return (Decimal(0) if out is not None or into is not None else None), None

    def decide_side(self) -> Side:
        found = [amount for amount, _ in self.amounts.values() if amount]
        money = self.money
        if money.outflow is not None or money.inflow is not None:
            outs = [amount for amount, side in self.amounts.values() if amount and side == SPENDING]
            name = self.header.named(money.outflow if money.outflow is not None else money.inflow or 0)
            return Side("columns", decide_sign(outs, self.options.spending, None, name) if is_mixed(outs) else None)
        used = {place for role, places in self.header.roles.items() if role != "balance" for place in places}
        others = [place for place in self.texts if place not in {self.date, self.category, *money.places()}]
        # Rows without an amount say nothing; nor need they say what they are.
        has_amount = [self.amounts[line.number][0] is not None for line in self.lines]
        column = {
            place: [text for text, wanted in zip(texts, has_amount, strict=True) if wanted]
            for place, texts in self.texts.items()
        }
        name = self.header.named(money.amount or 0)
        if typed := find_type(self.header, column, unnamed=others):
            place, words = typed
            spent = [
                amount
                for line in self.lines
                if (amount := self.amounts[line.number][0]) and words[as_text(line.cells[place])] == SPENDING
            ]
            self.words = words
            return Side(
                "type", decide_sign(spent, self.options.spending, None, name) if is_mixed(spent) else None, place
            )
        spending = decide_sign(found, self.options.spending, self.layout, name)
        if spending == "positive" and self.options.spending is None and self.layout is None:
            check_unsigned(self.header, column, used)
        return Side("sign", spending)

    def read_as(self) -> dict[str, Any]:
        """Return how the file is read, for people to check."""
        names = self.header.named
        columns: dict[str, Any] = {"date": names(self.date)}
        money = {"amount": self.money.amount, "outflow": self.money.outflow, "inflow": self.money.inflow}
        columns |= {role: names(place) for role, place in money.items() if place is not None}
        if self.side.by == "type":
            columns["type"] = names(self.side.place or 0)
        if self.category is not None:
            columns["category"] = names(self.category)
        columns["description"] = [names(place) for place in self.descriptions()]
        return {
            "format": self.table.kind,
            "encoding": self.table.encoding,
            "delimiter": self.table.delimiter,
            "header_line": self.header.line,
            "columns": columns,
            "decimal": self.decimal if self.table.kind == "csv" else None,
            "date_format": self.days.name,
            "spending": self.side.reported(),
            "layout": self.layout.name if self.layout else None,
        }

    def descriptions(self) -> list[int]:
        """Return the columns of the description: payee, title, notes, or those that the person names."""
        taken = {self.date, self.category, self.side.place, *self.money.places()}
        roles = self.header.roles
        if self.options.columns.get("description"):
            return list(roles["description"])
        found = (
            next((place for place in roles.get(role, ()) if place not in taken), None)
            for role in ("payee", "description", "notes")
        )
        return list(dict.fromkeys(place for place in found if place is not None))


def as_text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def is_mixed(amounts: Sequence[Decimal]) -> bool:
    return any(amount < 0 for amount in amounts) and any(amount > 0 for amount in amounts)


def is_total(text: str) -> bool:
    plain = normalise(text)
    return plain in TOTALS or OPENING.match(plain) is not None


def decide(table: Table, options: Options, progress: Progress = no_progress) -> Reading:
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
    """Reads the rows after everything is decided."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.descriptions = decision.descriptions()
        self.marks = {
            role: [place for place in decision.header.roles.get(role, ()) if place not in decision.money.places()]
            for role in ("transfer", "excluded")
        }
        self.status = decision.header.roles.get("status", ())
        self.types = decision.header.roles.get("type", ())
        self.currencies: Counter[str] = Counter()

    def read(self, line: Line) -> Row | None:
        """Return the row, or None for totals, and for what has neither a day nor an amount."""
        decision = self.decision
        texts = [as_text(cell) for cell in line.cells]
        row = Row(line.number, texts)
        if line.is_wider or (line.surplus and not decision.has_cents):
            width = len(decision.header.names)
            text = f"{listed([as_text(cell) for cell in line.surplus])} stands beyond the {width} columns"
            row.refuse(
                None, f"{text}: put a text or amount with a {quote(decision.table.delimiter or ',')} in it into quotes."
            )
            return row
        day_text = texts[decision.date].strip()
        money_texts = [texts[place].strip() for place in decision.money.places()]
        amount, side = decision.amounts[line.number]
        day = line.cells[decision.date]
        day = day if isinstance(day, date) else decision.days.parse(day_text)
        if self.says_nothing(texts, day_text, money_texts, amount, day):
            return None
        row.date = day
        if amount is not None:
            cents = to_cents(abs(amount))
            if cents == 0 and amount == 0:
                row.amount = 0
                row.skip("The amount is 0.")
                return row
            if reason := self.why_skipped(line, texts, amount, side):
                row.amount = cents
                self.set_texts(row, texts)
                row.skip(reason)
                row.member = None
                return row
            if cents is None:
                row.refuse(
                    "amount",
                    f"{quote(' '.join(filter(None, money_texts)))} has parts of a cent: write at most two digits.",
                )
            else:
                set_amount(row, cents)
        else:
            self.refuse_amount(row, money_texts)
            if row.status == "skipped":
                return row
        if row.status != "invalid" and day is None:
            self.refuse_day(row, day_text)
        if row.status != "invalid":
            self.set_texts(row, texts)
        if row.status == "created" and decision.currency is not None and texts[decision.currency].strip():
            self.currencies[texts[decision.currency].strip().upper()] += 1
        return row

    def says_nothing(
        self, texts: list[str], day_text: str, money_texts: list[str], amount: Decimal | None, day: date | None
    ) -> bool:
        if (
            (not day_text or is_total(day_text))
            and day is None
            and any(is_total(text) for text in texts if text.strip())
        ):
            return True
        if not any(money_texts):
            filled = sum(bool(text.strip()) for text in texts)
            return (
                not day_text or (day is None and filled == 1) or any(is_total(text) for text in texts if text.strip())
            )
        return False

    def refuse_amount(self, row: Row, money_texts: list[str]) -> None:
        decision, money = self.decision, self.decision.money
        filled = [text for text in money_texts if text]
        if not filled and money.amount is None and money.inflow is None:
            row.skip(f"{quote(decision.header.named(money.outflow or 0))} is empty.")
        elif not filled:
            row.refuse("amount", "The amount is empty: write it as 1250.00.")
        elif len(filled) > 1:
            row.refuse("amount", f"{listed(filled)} do not fit together: a row has one amount.")
        else:
            row.refuse("amount", f"{quote(filled[0])} is no amount: write it as 1250{decision.decimal}00.")

    def refuse_day(self, row: Row, text: str) -> None:
        form = self.decision.days.name
        if text:
            row.refuse("date", f"{quote(text)} is no day in the format {form} between 1970 and 9998.")
        else:
            row.refuse("date", f"The day is empty: write it as {form}.")

    def why_skipped(self, line: Line, texts: list[str], amount: Decimal, side: str | None) -> str | None:
        """Return why the row is none of the spending, or None where it is."""
        decision, named = self.decision, self.decision.header.named
        for place in self.status:
            if normalise(texts[place]) in NOT_HAPPENED:
                return f"{quote(named(place))} is {quote(texts[place])}."
        for role, places in self.marks.items():
            for place in places:
                if is_yes(texts[place]):
                    return f"{quote(named(place))} is {quote(texts[place])}: {'a transfer' if role == 'transfer' else 'not counted'}."
        decided = decision.side
        if decided.by == "type" and decided.place is not None:
            kind = decision.words[as_text(line.cells[decided.place])]
            if kind != SPENDING:
                return f"{quote(named(decided.place))} is {quote(texts[decided.place])}: {kind}."
        if decided.by == "columns" and side == INCOME:
            return f"The amount is in {quote(named(decision.money.inflow or 0))}: income, a refund, or a transfer."
        if decided.by == "sign":
            for place in self.types:
                if normalise(texts[place]) in SURELY_NO_SPENDING:
                    return f"{quote(named(place))} is {quote(texts[place])}."
        return why_not(amount, decided.spending) if decided.spending else None

    def set_texts(self, row: Row, texts: list[str]) -> None:
        category = self.decision.category
        set_category(
            row, unprotect(texts[category]) if category is not None else "", self.decision.options.default_category
        )
        if row.status != "invalid":
            set_description(row, [unprotect(texts[place]) for place in self.descriptions])

    def check_currencies(self) -> None:
        """Raise Undecided where the spending is in several currencies, unless the person has named the amount."""
        options = self.decision.options.columns
        if len(self.currencies) > 1 and not any(options.get(role) for role in MONEY):
            found = listed(sorted(self.currencies))
            text = f"The spending is in several currencies, {found}: name in columns the amount in yours, or send a file for each."
            raise Undecided(Question("columns", text))
