"""Excel workbooks (.xlsx) as tables."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from expenses.imports.columns import HEADER_LINES, Header, find_header, no_header
from expenses.imports.errors import Question, TooManyRows, Undecided, UnreadableFile, listed
from expenses.imports.options import Options
from expenses.imports.reading import MAX_ROWS, Cell, Table, body

SIGNATURE = b"PK\x03\x04"
# A workbook is compressed: a small file can hold a lot, and a cell far out makes a table of everything before it.
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_COLUMNS = 256
MAX_SHEETS = 60
MAX_LINES = 2 * MAX_ROWS
PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
CHUNK = 1024 * 1024
# A place is not longer than this, so none is cut between two chunks.
OVERLAP = 64


def read_workbook(content: bytes, options: Options) -> Table:
    """Return the table of the one sheet that has a header. Raise UnreadableFile, Undecided and TooManyRows."""
    check_size(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            sheet.name: workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            for sheet in workbook.sheets_metadata[:MAX_SHEETS]
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        }
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableFile(f"The workbook cannot be read: {error}") from None
    found: dict[str, tuple[Header, list[tuple[int, list[Cell]]]]] = {}
    first_rows: list[tuple[int, list[str]]] = []
    for name, values in sheets.items():
        rows = [(number, [as_cell(value) for value in row]) for number, row in enumerate(values, start=1)]
        texts = [(number, [str(cell) for cell in row]) for number, row in rows[:HEADER_LINES]]
        texts = [(number, row) for number, row in texts if any(cell.strip() for cell in row)]
        first_rows = first_rows or texts
        if header := find_header(texts, options.columns):
            found[name] = header, rows
    if len(found) > 1:
        raise UnreadableFile(f"The sheets {listed(list(found))} all have expenses. Send each as a file of its own.")
    if not found:
        raise Undecided(Question("columns", no_header(first_rows, options.columns)))
    [(header, rows)] = found.values()
    lines, passed_over = body(rows, header)
    return Table("xlsx", None, None, header, lines, passed_over)


def check_size(content: bytes) -> None:
    """Raise UnreadableFile for an archive that is no workbook, and TooManyRows for one that unpacks to too much."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise UnreadableFile("The file is an archive, but no Excel workbook (.xlsx).")
            for member in members:
                tail = b""
                with archive.open(member) as stream:
                    while chunk := stream.read(CHUNK):
                        unpacked += len(chunk)
                        if unpacked > MAX_UNPACKED_BYTES:
                            raise TooManyRows(f"The workbook unpacks to more than {MAX_UNPACKED_BYTES} bytes.")
                        if "worksheets" in member.filename:
                            check_places(tail + chunk)
                            tail = chunk[-OVERLAP:]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise UnreadableFile(f"The workbook cannot be read: {error}") from None
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise UnreadableFile(f"The workbook cannot be read: {error}") from None


def check_places(xml: bytes) -> None:
    """Raise TooManyRows where a cell stands farther out than any table of expenses reaches."""
    for letters, digits in PLACE.findall(xml):
        if len(digits) > 7 or int(digits) > MAX_LINES or column_number(letters) > MAX_COLUMNS:  # noqa: PLR2004
            raise TooManyRows(f"A cell of the workbook is beyond row {MAX_LINES} or column {MAX_COLUMNS}.")


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def as_cell(value: Any) -> Cell:
    """Return a number as Decimal, a day as date, and all else as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return Decimal(int(value)) if value == int(value) else Decimal(repr(value))
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else str(value)
