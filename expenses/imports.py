"""Expenses from a file: our own JSON, or CSV as our export and spreadsheets write it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from rest_framework.serializers import ValidationError

from accounts.models import RevisionCounter, User
from expense_tracker.api.errors import flatten, pointer_to
from expense_tracker.api.parsers import ContentTooLarge
from expense_tracker.dates import today
from expense_tracker.db.transactions import atomic_write
from expenses import actions
from expenses.exceptions import InvalidRows, UnreadableFile
from expenses.exports import COLUMNS, FORMULA
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer

MAX_ROWS = 50_000
MAX_FILE_BYTES = 10 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What stands for year, month and day, as spreadsheets and as strptime write it.
DATE_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "%Y": r"(?P<year>\d{4})",
    "MM": r"(?P<month>\d{1,2})",
    "%m": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "%d": r"(?P<day>\d{1,2})",
}
DATE_FORMAT = re.compile("(YYYY|MM|DD|%Y|%m|%d)")


@dataclass
class Row:
    """One row of the file. `line` counts the lines of a CSV, or the items of a JSON array, from 1."""

    line: int
    data: Any
    status: str = "created"
    reason: str | None = None
    pointer: str | None = None

    def refuse(self, reason: str, pointer: str | None) -> None:
        self.status, self.reason, self.pointer = "invalid", reason, pointer

    def as_dict(self) -> dict[str, Any]:
        return {"line": self.line, "status": self.status, "reason": self.reason, "pointer": self.pointer}


def date_pattern(date_format: str) -> re.Pattern[str] | None:
    """What matches days in this format, such as `DD.MM.YYYY` or `%d.%m.%Y`, or None where it is no format."""
    parts = DATE_FORMAT.split(date_format)
    pattern = "".join(DATE_PARTS.get(part, re.escape(part)) for part in parts)
    names = sorted(re.findall(r"\?P<(\w+)>", pattern))
    separators = parts[::2]
    if names != ["day", "month", "year"] or any(separators[i] not in ("-", ".", "/", " ") for i in (1, 2)):
        return None
    return re.compile(pattern, re.ASCII) if not separators[0] and not separators[3] else None


def decode(content: bytes) -> str:
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile("The file is neither UTF-8 nor UTF-16 with a byte order mark.") from None


def read_json(text: str) -> Iterator[Row]:
    try:
        items = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UnreadableFile(f"The file is not valid JSON: {error}") from None
    if not isinstance(items, list):
        raise UnreadableFile("The file is not a JSON array of expenses.")
    for line, item in enumerate(items, start=1):
        yield Row(line, item)


def find_columns(text: str) -> tuple[str, dict[str, int]]:
    """The delimiter, and where the columns stand, by the first line. Raises UnreadableFile."""
    for delimiter in DELIMITERS:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        names = [name.strip().casefold() for name in header]
        if "amount" in names and "category" in names and "date" in names:
            if any(names.count(name) > 1 for name in COLUMNS):
                raise UnreadableFile("A column stands twice in the first line.")
            return delimiter, {name: names.index(name) for name in COLUMNS if name in names}
    raise UnreadableFile("The first line must name the columns date, amount and category, and may name description.")


def read_csv(text: str, decimal: str, pattern: re.Pattern[str]) -> Iterator[Row]:
    # Not more digits than Python makes an integer of; the serializer says what is too much.
    money = re.compile(rf"([0-9]{{1,18}})(?:{re.escape(decimal)}([0-9]{{1,2}}))?")
    line = 1
    try:
        delimiter, columns = find_columns(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        next(reader)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                texts = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
                yield parse_cells(Row(line, {}), texts, money, pattern)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableFile(f"Line {line} is not valid CSV: {error}") from None


def parse_cells(row: Row, cells: dict[str, str], money: re.Pattern[str], pattern: re.Pattern[str]) -> Row:
    """What the cells say, in the form that the API takes."""
    amount = money.fullmatch(cells["amount"].strip())
    day = pattern.fullmatch(cells["date"].strip())
    if amount is None:
        row.refuse("This is no amount of money.", "amount")
    elif day is None:
        row.refuse("This is no day in the date format.", "date")
    else:
        row.data = {
            "amount": int(amount[1]) * 100 + int((amount[2] or "").ljust(2, "0")),
            "date": f"{day['year']}-{int(day['month']):02}-{int(day['day']):02}",
            "category": unprotect(cells["category"]),
            "description": unprotect(cells.get("description", "")),
        }
    return row


def unprotect(text: str) -> str:
    """Without the apostrophe that the export put before what a spreadsheet would take for a formula."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def read_rows(content: bytes, *, decimal: str, pattern: re.Pattern[str]) -> list[Row]:
    """The rows of the file, each valid or refused. Raises UnreadableFile and ContentTooLarge."""
    text = decode(content)
    source = read_json(text) if text.lstrip().startswith(("[", "{")) else read_csv(text, decimal, pattern)
    serializer = ExpenseSerializer()
    rows: list[Row] = []
    for index, row in enumerate(source):
        if index == MAX_ROWS:
            raise ContentTooLarge(f"The file has more than {MAX_ROWS} rows.")
        if row.status == "invalid":
            row.pointer = pointer_to((str(index), row.pointer or ""))
        else:
            validate(row, index, serializer)
        rows.append(row)
    return rows


def validate(row: Row, index: int, serializer: ExpenseSerializer) -> None:
    try:
        row.data = {"description": None, "date": today(), **serializer.run_validation(row.data)}
    except ValidationError as error:
        path, message = next(flatten(error.detail))
        row.refuse(str(message), pointer_to((str(index), *path)))


def content_of(values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values[name] for name in COLUMNS)


@atomic_write
def import_rows(*, owner: User, rows: list[Row], dry_run: bool, partial: bool) -> dict[str, Any]:
    """Creates what the file has more of than the account, equal expenses counted: two equal coffees on one day stay
    two, and the same file twice adds nothing. Answers the report. Raises InvalidRows, unless `partial`, where some
    are."""
    valid = [row for row in rows if row.status != "invalid"]
    days = [row.data["date"] for row in valid]
    RevisionCounter.objects.lock(user_id=owner.pk)
    expenses = Expense.objects.live().owned_by(owner)
    present: Counter[tuple[Any, ...]] = Counter()
    if days:
        present.update(expenses.filter(date__gte=min(days), date__lte=max(days)).values_list(*COLUMNS))
    new = []
    for row in valid:
        content = content_of(row.data)
        if present[content]:
            present[content] -= 1
            row.status = "duplicate"
        else:
            row.status = "created"
            new.append(Expense(**row.data))
    report = as_report(rows)
    if report["invalid"] and not partial:
        raise InvalidRows(extensions=report)
    if new and not dry_run:
        actions.create_expenses(owner=owner, expenses=new)
    return report


def as_report(rows: list[Row]) -> dict[str, Any]:
    counts = Counter(row.status for row in rows)
    return {
        **{status: counts[status] for status in ("created", "duplicate", "invalid")},
        "rows": [row.as_dict() for row in rows],
    }
