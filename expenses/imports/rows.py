"""Rows of a file as they are read, and what came of them."""

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from expense_tracker.text import DROPPED, clean_text
from expenses.exports import FORMULA
from expenses.imports.errors import quote
from expenses.models.expense import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
from expenses.money import MAX_AMOUNT

# Called with how many rows are done, and of how many.
Progress = Callable[[int, int], None]
STATUSES = ("created", "duplicate", "skipped", "invalid")
# Banks break lines with them.
SPACES = re.compile("[\t\v\f\x85\u2028\u2029]")
CUT = "The description is longer than {most} characters and was cut."


def no_progress(done: int, total: int) -> None:
    """Show nothing."""


@dataclass(slots=True)
class Row:
    """One row of the file. `line` counts the lines of a text, the rows of a sheet, or the items of a JSON array.
    `member` is what is wrong with it: `amount`, `date`, and so on; `amount` is in cents. `origin` is the row as it
    stood in the file."""

    line: int
    origin: Sequence[str] = ()
    status: str = "created"
    reason: str | None = None
    member: str | None = None
    date: datetime.date | None = None
    amount: int | None = None
    category: str | None = None
    description: str | None = None
    external_id: str | None = None

    def refuse(self, member: str | None, reason: str) -> None:
        self.status, self.reason, self.member = "invalid", reason, member

    def skip(self, reason: str) -> None:
        self.status, self.reason = "skipped", reason

    def content(self) -> tuple[Any, ...]:
        """Return what tells expenses apart, in the order of `exports.COLUMNS`."""
        return self.date, self.amount, self.category, self.description


@dataclass
class Reading:
    """A file that was read: how, its rows, and the number of lines without contents that were passed over."""

    read_as: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    passed_over: int = 0


def plain(text: str) -> str:
    """Return text without what only a layout needs: tabs are spaces, and what nobody sees is gone."""
    return text if text.isascii() and "\t" not in text else SPACES.sub(" ", DROPPED.sub("", text))


def unprotect(text: str) -> str:
    """Return text without the apostrophe that the export put before what a spreadsheet would take for a formula."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def set_amount(row: Row, cents: int) -> None:
    """Store the amount in cents, or refuse the row."""
    if not 1 <= cents <= MAX_AMOUNT:
        row.refuse("amount", f"An amount must be between 0.01 and {MAX_AMOUNT // 100}.99.")
    else:
        row.amount = cents


def set_category(row: Row, text: str, default: str) -> None:
    """Store the category, the default one for an empty text, or refuse the row."""
    try:
        category = clean_text(plain(text)) or default
    except ValueError as error:
        row.refuse("category", f"{quote(text)}: {error}")
        return
    if len(category) > MAX_CATEGORY_LENGTH:
        row.refuse("category", f"{quote(category)} is longer than {MAX_CATEGORY_LENGTH} characters.")
    row.category = category


def set_description(row: Row, texts: Sequence[str]) -> None:
    """Store what the texts say together, each once and as long as there is room, or refuse the row."""
    parts: list[str] = []
    try:
        for text in texts:
            part = clean_text(plain(text), multiline=True)
            if part and not any(part.casefold() in other.casefold() for other in parts):
                parts.append(part)
    except ValueError as error:
        row.refuse("description", f"{quote(text)}: {error}")
        return
    description = ""
    for part in parts:
        joined = f"{description}, {part}" if description else part
        if len(joined) <= MAX_DESCRIPTION_LENGTH:
            description = joined
        elif not description:
            description = f"{part[: MAX_DESCRIPTION_LENGTH - 1].rstrip()}…"
            row.reason = CUT.format(most=MAX_DESCRIPTION_LENGTH)
    row.description = description or None
