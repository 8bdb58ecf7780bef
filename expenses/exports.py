"""Expenses as a file: CSV (RFC 4180) for spreadsheets, JSON for programs. `imports` reads both."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q

from expense_tracker.renderers import to_json
from expenses.models import Expense
from expenses.money import format_cents

COLUMNS = ("date", "amount", "category", "description")
CHUNK = 2000
# A spreadsheet takes such a cell for a formula; one apostrophe in front makes it text.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def rows_of(expenses: Any, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """All rows, the newest day first, read in chunks that each begin behind the last one: memory stays the same for any
    number of rows, and no cursor is left open on the server in between."""
    rows = expenses.order_by("-date", "-id").values(*columns)
    chunk = list(rows[:CHUNK])
    yield from chunk
    while len(chunk) == CHUNK:
        day, last = chunk[-1]["date"], chunk[-1]["id"]
        # The first condition follows from the second; it is what the index is searched by.
        chunk = list(rows.filter(Q(date__lte=day), Q(date__lt=day) | Q(id__lt=last))[:CHUNK])
        yield from chunk


def protect(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


def as_csv(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Amounts as money, `25.00`; no description is an empty cell."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows, start=1):
        description = protect(row["description"] or "")
        writer.writerow([row["date"], format_cents(row["amount"]), protect(row["category"]), description])
        if number % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def as_json(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """An array of expenses as the list has them, one in a line."""
    parts = [b"["]
    for number, row in enumerate(rows):
        parts += [b",\n" if number else b"\n", to_json(row)]
        if len(parts) > CHUNK:
            yield b"".join(parts)
            parts.clear()
    yield b"".join([*parts, b"\n]\n"])


# What writes it, its type, and what it needs to read: to parse times that nobody writes is half of the work of a CSV.
FORMATS: dict[str, tuple[Callable[[Iterable[dict[str, Any]]], Iterator[bytes]], str, Sequence[str]]] = {
    "csv": (as_csv, "text/csv; charset=utf-8", ("id", *COLUMNS)),
    "json": (as_json, "application/json", Expense.PUBLIC_FIELDS),
}
