"""JSON as our export and our API have it: an array of expenses with amounts in cents."""

import re
from typing import Any

import orjson

from expense_tracker.dates import parse_day
from expenses.imports.encodings import decode
from expenses.imports.errors import TooManyRows, UnreadableFile, quote
from expenses.imports.options import Options
from expenses.imports.reading import MAX_ROWS
from expenses.imports.rows import Reading, Row, set_amount, set_category, set_description

# A string, which may lack its end, or what stands between two. What follows a character is never looked at twice.
PIECE = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)|[^"]+', re.DOTALL)
# An expense has no more members than this; all of them are counted before any is made an object of.
MAX_MEMBERS = 20
READ_ONLY = ("id", "created_at", "updated_at", "owner_id", "revision", "deleted_at")
WRITTEN = ("amount", "category", "description", "date")
MEMBERS = frozenset((*WRITTEN, *READ_ONLY, "external_id"))
EXTERNAL_ID = re.compile(r"[!-~]{1,64}")


def looks_like_json(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] in (b"[", b"{")


def read_json(content: bytes, options: Options) -> Reading:
    """Return the rows of an array. Raise UnreadableFile where it is none, and TooManyRows."""
    text, encoding = decode(content, options.encoding)
    check_count(text)
    try:
        items = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UnreadableFile(f"The file is not valid JSON: {error}") from None
    if not isinstance(items, list):
        raise UnreadableFile("The file is not a JSON array of expenses.")
    if len(items) > MAX_ROWS:
        raise TooManyRows(f"The file has more than {MAX_ROWS} rows.")
    read_as = {
        "format": "json",
        "encoding": encoding,
        "delimiter": None,
        "header_line": None,
        "columns": None,
        "decimal": None,
        "date_format": "YYYY-MM-DD",
        "spending": None,
        "layout": None,
    }
    return Reading(read_as, [read_item(number, item) for number, item in enumerate(items, start=1)])


def check_count(text: str) -> None:
    """Raise TooManyRows by counting alone: a small file can hold objects that take a hundred times its size."""
    if text.count("{") + text.count("[") <= MAX_ROWS and text.count(",") <= MAX_ROWS:
        return
    values = members = 0
    for found in PIECE.finditer(text):
        piece = found[0]
        if not piece.startswith('"'):
            values += piece.count("{") + piece.count("[")
            members += piece.count(",")
            if values > MAX_ROWS + 1 or members > MAX_MEMBERS * MAX_ROWS:
                raise TooManyRows(f"The file has more than {MAX_ROWS} rows.")


def read_item(number: int, item: Any) -> Row:
    row = Row(number)
    if not isinstance(item, dict):
        row.refuse(None, "This is no expense: an object with amount and category.")
        return row
    unknown = sorted(item.keys() - MEMBERS)
    if unknown:
        row.refuse(unknown[0], f"There is no member {quote(unknown[0])} here. The members are: {', '.join(WRITTEN)}.")
        return row
    read_amount(row, item.get("amount"))
    # Without one it is the owner's today.
    if row.status != "invalid" and "date" in item:
        read_date(row, item["date"])
    for member in ("category", "description"):
        if row.status != "invalid":
            read_text(row, member, item.get(member))
    if row.status != "invalid":
        read_external_id(row, item.get("external_id"))
    row.origin = tuple(str(value) for value in row.content())
    return row


def read_amount(row: Row, amount: Any) -> None:
    if isinstance(amount, float) and amount.is_integer() and abs(amount) < 1e15:  # noqa: PLR2004
        amount = int(amount)
    if type(amount) is not int:
        row.refuse("amount", f"{quote(amount)} is no amount: write an integer of cents, such as 1250 for 12.50.")
    else:
        set_amount(row, amount)


def read_date(row: Row, text: Any) -> None:
    try:
        row.date = parse_day(text if isinstance(text, str) else "")
    except ValueError as error:
        row.refuse("date", f"{quote(text)}: {error}")


def read_external_id(row: Row, identity: Any) -> None:
    if identity is None or (isinstance(identity, str) and EXTERNAL_ID.fullmatch(identity)):
        row.external_id = identity
    else:
        row.refuse("external_id", f"{quote(identity)} is no external_id: write 1 to 64 visible ASCII characters.")


def read_text(row: Row, member: str, text: Any) -> None:
    if text is not None and not isinstance(text, str):
        row.refuse(member, f"{quote(text)} is no text.")
    elif member == "description":
        set_description(row, [text or ""])
    elif not (text or "").strip():
        row.refuse(member, "The category is missing.")
    else:
        set_category(row, text or "", "")
