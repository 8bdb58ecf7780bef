"""Expenses as a file: CSV (RFC 4180) for spreadsheets, JSON for programs. `imports` reads both, in every dialect."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from expense_tracker.api.renderers import to_json
from expenses.models import Expense
from expenses.money import format_cents
from expenses.serializers.expense import EXPENSE_FIELDS

COLUMNS = Expense.CONTENT_FIELDS
CHUNK = 2000
# A spreadsheet takes such a cell for a formula; one apostrophe in front makes it text.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def rows_of(expenses: Any, columns: Sequence[str], *, behind: dict[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """All rows, or those behind one, the newest day first, read in chunks that each begin behind the last one: memory
    stays the same for any number of rows, and no cursor is left open on the server in between."""
    rows = expenses.order_by("-date", "-id").values(*columns)
    while True:
        rest = rows
        if behind:
            day, last = behind["date"], behind["id"]
            # The first condition follows from the second; it is what the index is searched by.
            rest = rows.filter(Q(date__lte=day), Q(date__lt=day) | Q(id__lt=last))
        chunk = list(rest[:CHUNK])
        yield from chunk
        if len(chunk) < CHUNK:
            return
        behind = chunk[-1]


def rows_of_all_owners(expenses: Any, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """All rows, one owner after the other, which is the order of the index; read as `rows_of` does."""
    rows = expenses.order_by("owner_id", "-date", "-id").values(*columns)
    chunk = list(rows[:CHUNK])
    yield from chunk
    while len(chunk) == CHUNK:
        last = chunk[-1]
        yield from rows_of(expenses.filter(owner_id=last["owner_id"]), columns, behind=last)
        chunk = list(rows.filter(owner_id__gt=last["owner_id"])[:CHUNK])
        yield from chunk


def protect(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


class Dialect(NamedTuple):
    """How a CSV begins, and what stands between two cells."""

    beginning: str
    delimiter: str


# Excel takes a CSV for Unicode by its byte order mark, and where the comma stands before the cents it wants semicolons.
DIALECTS = {"rfc4180": Dialect("", ","), "excel": Dialect("\ufeff", ";")}


def as_csv(
    rows: Iterable[dict[str, Any]], also: Sequence[str], *, dialect: str = "rfc4180", decimal: str = "."
) -> Iterator[bytes]:
    """Amounts as money, `25.00`; no description is an empty cell. Columns of text that are `also` wanted come first."""
    beginning, delimiter = DIALECTS[dialect]
    buffer = io.StringIO()
    buffer.write(beginning)
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow([*also, *COLUMNS])
    for number, row in enumerate(rows, start=1):
        texts = [protect(row[name]) for name in also]
        description = protect(row["description"] or "")
        amount = format_cents(row["amount"]).replace(".", decimal)
        writer.writerow([*texts, row["date"], amount, protect(row["category"]), description])
        if number % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def as_json(rows: Iterable[dict[str, Any]], also: Sequence[str]) -> Iterator[bytes]:
    """An array of expenses as the list has them, one in a line; what is `also` wanted is in the rows already."""
    parts = [b"["]
    for number, row in enumerate(rows):
        parts += [b",\n" if number else b"\n", to_json(row)]
        if len(parts) > CHUNK:
            yield b"".join(parts)
            parts.clear()
    yield b"".join([*parts, b"\n]\n"])


# What writes it, its type, and what it needs to read: to parse times that nobody writes is half of the work of a CSV.
FORMATS: dict[str, tuple[Callable[..., Iterator[bytes]], str, Sequence[str]]] = {
    "csv": (as_csv, "text/csv; charset=utf-8", ("id", *COLUMNS)),
    "json": (as_json, "application/json", EXPENSE_FIELDS),
}


def download(
    expenses: Any, *, name: str, file_name: str, of_all_owners: bool = False, **how: str
) -> StreamingHttpResponse:
    """The expenses as a file, in the format `name`. Where they are of all owners, with the owners' names. `how` are the
    dialect of a CSV and what stands before its cents."""
    write, content_type, columns = FORMATS[name]
    if of_all_owners:
        named = expenses.annotate(username=F("owner__username"))
        parts = write(
            rows_of_all_owners(named, [*dict.fromkeys((*columns, "owner_id", "username"))]), ["username"], **how
        )
    else:
        parts = write(rows_of(expenses, columns), [], **how)
    # Made before the answer begins: where the database is away, it can still be a 503.
    first = next(parts)
    return StreamingHttpResponse(
        chain([first], parts),
        content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=file_name)},
    )
