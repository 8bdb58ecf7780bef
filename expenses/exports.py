"""Expenses as a file: CSV (RFC 4180) for spreadsheets, JSON for programs. `imports` reads both, in every dialect."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from expense_tracker.api.renderers import to_json
from expense_tracker.db.transactions import snapshot
from expenses.models import Expense
from expenses.money import format_cents
from expenses.serializers.expense import EXPENSE_FIELDS

COLUMNS = Expense.CONTENT_FIELDS
CHUNK = 2000
# What is larger waits in a temporary file.
MEMORY_BYTES = 1024 * 1024
PART_BYTES = 64 * 1024
# A spreadsheet takes such a cell for a formula; one apostrophe in front makes it text.
FORMULA = re.compile(r"'*[=+\-@\t\r\n]")

Row = dict[str, Any]


def rows_of(expenses: Any, columns: Sequence[str], *, behind: Row | None = None) -> Iterator[Row]:
    """All rows, or those behind one, the newest day first, read in chunks that each begin behind the last one: memory
    stays the same for any number of rows."""
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


def rows_by_owner(expenses: Any, columns: Sequence[str]) -> Iterator[Iterator[Row]]:
    """Yield the rows of all owners, one owner after the other, which is the order of the index. Each iterator has all
    rows of its owners, and begins behind the one before, which must have ended."""
    rows = expenses.order_by("owner_id", "-date", "-id").values(*columns)
    last: Row | None = None

    def next_owners() -> Iterator[Row]:
        nonlocal last
        rest = rows.filter(owner_id__gt=last["owner_id"]) if last else rows
        chunk = list(rest[:CHUNK])
        last = chunk[-1] if len(chunk) == CHUNK else None
        yield from chunk
        if last:
            yield from rows_of(expenses.filter(owner_id=last["owner_id"]), columns, behind=last)

    yield next_owners()
    while last:
        yield next_owners()


def protect(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) else text


class Dialect(NamedTuple):
    """How a CSV begins, and what stands between two cells."""

    beginning: str
    delimiter: str


# Excel takes a CSV for Unicode by its byte order mark, and where the comma stands before the cents it wants semicolons.
DIALECTS = {"rfc4180": Dialect("", ","), "excel": Dialect("\ufeff", ";")}


class Writer(NamedTuple):
    """How a file begins, what each row becomes, and how it ends."""

    beginning: bytes
    line: Callable[[Row], bytes]
    end: bytes


class Line:
    """What `csv.writer` writes a row to, which answers it."""

    def write(self, text: str) -> bytes:
        return text.encode()


def csv_writer(also: Sequence[str], *, dialect: str = "rfc4180", decimal: str = ".") -> Writer:
    """Amounts as money, `25.00`; no description is an empty cell. Columns of text that are `also` wanted come first."""
    beginning, delimiter = DIALECTS[dialect]
    write: Callable[[Iterable[Any]], bytes] = csv.writer(Line(), delimiter=delimiter).writerow

    def line(row: Row) -> bytes:
        texts = [protect(row[name]) for name in also]
        amount = format_cents(row["amount"]).replace(".", decimal)
        return write([*texts, row["date"], amount, protect(row["category"]), protect(row["description"] or "")])

    return Writer(beginning.encode() + write([*also, *COLUMNS]), line, b"")


def json_writer(also: Sequence[str]) -> Writer:
    """An array of expenses as the list has them, one in a line; what is `also` wanted is in the rows already."""
    before = chain([b"\n"], repeat(b",\n"))
    return Writer(b"[", lambda row: next(before) + to_json(row), b"\n]\n")


def parts_of(writer: Writer, snapshots: Iterable[Iterator[Row]]) -> Iterator[bytes]:
    """Yield the file. The rows of each iterator are read in one go, as they are at one moment, and wait in a temporary
    file: however slowly a client reads, no transaction is open meanwhile."""
    beginning = writer.beginning
    for rows in snapshots:
        with SpooledTemporaryFile(MEMORY_BYTES) as file:
            file.write(beginning)
            with snapshot():
                file.writelines(map(writer.line, rows))
            file.seek(0)
            while part := file.read(PART_BYTES):
                yield part
        beginning = b""
    yield writer.end


# What writes it, its type, and what it needs to read: to parse times that nobody writes is half of the work of a CSV.
FORMATS: dict[str, tuple[Callable[..., Writer], str, Sequence[str]]] = {
    "csv": (csv_writer, "text/csv; charset=utf-8", ("id", *COLUMNS)),
    "json": (json_writer, "application/json", EXPENSE_FIELDS),
}


def download(
    expenses: Any, *, name: str, file_name: str, of_all_owners: bool = False, **how: str
) -> StreamingHttpResponse:
    """The expenses as a file, in the format `name`: as they are at one moment, of each owner. Where they are of all
    owners, with the owners' names. `how` are the dialect of a CSV and what stands before its cents."""
    make_writer, content_type, columns = FORMATS[name]
    if of_all_owners:
        named = expenses.annotate(username=F("owner__username"))
        snapshots = rows_by_owner(named, [*dict.fromkeys((*columns, "owner_id", "username"))])
        parts = parts_of(make_writer(["username"], **how), snapshots)
    else:
        parts = parts_of(make_writer([], **how), [rows_of(expenses, columns)])
    # Made before the answer begins: where the database is away, it can still be a 503.
    first = next(parts)
    return StreamingHttpResponse(
        chain([first], parts),
        content_type=content_type,
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=file_name)},
    )
