"""Files as tables: encoding, delimiter, the line of the header, and below it the cells with their lines."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile

from expenses.imports.columns import HEADER_LINES, Header, find_header, no_header, strip_header
from expenses.imports.encodings import decode
from expenses.imports.errors import Question, TooManyRows, Undecided, UnreadableFile, quote
from expenses.imports.options import Options

MAX_ROWS = 50_000
MAX_LINE = 64 * 1024
DELIMITERS = (",", ";", "\t", "|")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
# Each line is looked at once, from its beginning.
TOO_LONG = re.compile(rf"(?:\A|[\r\n])[^\r\n]{{{MAX_LINE + 1}}}")
SEP = re.compile(r"\"?sep=(.)\"?[ \t]*(?:\r\n|\r|\n|$)", re.IGNORECASE)
DAY_IN_LINE = re.compile(r"\"?(?:\d{4}[-./]?\d{1,2}[-./]?\d{1,2}|\d{1,2}[-./ ]\w{1,9}[-./ ]\d{2,4})\b")
# How other kinds of files begin, and what to call them.
BEGINNINGS = (
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "an old Excel workbook (.xls)"),
    (re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!"), "an archive"),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "a picture"),
    (re.compile(rb"SQLite format 3"), "a database"),
    (re.compile(rb"(?s)\W{0,8}(OFXHEADER|<\?xml.{0,500}<\??OFX|<OFX>)", re.IGNORECASE), "OFX"),
    (re.compile(rb"\W{0,8}!(Type|Account|Option|Clear)\b", re.IGNORECASE), "QIF"),
    (re.compile(rb"(?s)\W{0,8}(<!doctype html|<html|<\?xml.{0,200}<html)", re.IGNORECASE), "a web page (HTML)"),
    (re.compile(rb"\W{0,8}<"), "XML"),
    (re.compile(rb"\W{0,4}(\{1:F|:20:)"), "MT940"),
)

Cell = str | Decimal | date


@dataclass(frozen=True)
class Line:
    """A line below the header. `surplus` is what stands beyond the columns that the header names; `is_wider` says that
    some of it is beyond the header itself."""

    number: int
    cells: Sequence[Cell]
    surplus: Sequence[Cell] = ()
    is_wider: bool = False


@dataclass(frozen=True)
class Table:
    """The cells of a file, unchanged. `passed_over` counts the lines with nothing but delimiters."""

    kind: str
    encoding: str | None
    delimiter: str | None
    header: Header
    lines: list[Line]
    passed_over: int


def refuse_other_kinds(content: bytes) -> None:
    """Raise UnreadableFile, with the name of its kind, for what is no table."""
    for pattern, name in BEGINNINGS:
        if pattern.match(content[:1024].lstrip(b"\xef\xbb\xbf")):
            raise UnreadableFile(
                f"The file is {name}, which cannot be imported. Export CSV, Excel (.xlsx) or our JSON."
            )


def read_csv(content: bytes, options: Options) -> Table:
    """Return the table of a text. Raise UnreadableFile, Undecided and TooManyRows."""
    text, encoding = decode(content, options.encoding)
    return read_text(text, encoding, options)


def read_text(text: str, encoding: str, options: Options) -> Table:
    if found := TOO_LONG.search(text):
        line = 1 + len(re.findall(r"\r\n|\r|\n", text[: found.end() - MAX_LINE - 1]))
        raise UnreadableFile(f"Line {line} is longer than {MAX_LINE} characters.")
    first, declared = 1, None
    if mark := SEP.match(text):
        text, first, declared = text[mark.end() :], 2, mark[1]
    delimiter, header = choose_delimiter(text, first, options.delimiter or declared, options)
    lines, passed_over = body(records(text, delimiter, first), header)
    check_for_open_quotes(lines, delimiter)
    return Table("csv", encoding, delimiter, header, lines, passed_over)


def records(text: str, delimiter: str, first: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each record with the number of its first line. Raise UnreadableFile for wrong quotes."""
    lines = (found[0] for found in LINE.finditer(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = first
    try:
        for cells in reader:
            yield line, cells
            line = first + reader.line_num
    except csv.Error as error:
        why = "a quote is opened and not closed" if "unexpected end" in str(error) else str(error)
        raise UnreadableFile(f"Line {line} is not valid CSV: {why}.") from None


def choose_delimiter(text: str, first: int, given: str | None, options: Options) -> tuple[str, Header]:
    """Return the delimiter, and the header that is found with it. Raise UnreadableFile where none is found."""
    found: list[tuple[str, Header]] = []
    tried: list[tuple[int, list[str]]] = []
    failure: UnreadableFile | None = None
    for delimiter in (given,) if given else DELIMITERS:
        rows = []
        try:
            for row in takewhile(lambda row: row[0] <= HEADER_LINES + first - 1, records(text, delimiter, first)):
                rows.append(row)  # noqa: PERF402
        except UnreadableFile as error:
            failure = failure or error
        header = find_header(rows, options.columns)
        if header:
            found.append((delimiter, header))
        tried = max(tried, rows, key=lambda rows: sum(min(len(cells), 12) for _, cells in rows))
    if not found:
        if failure and not any(len(cells) > 1 for _, cells in tried):
            raise failure
        sentence = no_header([row for row in tried if any(cell.strip() for cell in row[1])], options.columns)
        raise Undecided(Question("columns", sentence)) if tried else UnreadableFile(sentence)
    return max(found, key=lambda pair: pair[1].known)


def body(rows: Iterable[tuple[int, Sequence[Cell]]], header: Header) -> tuple[list[Line], int]:
    """Return the lines below the header, each as wide as it, and how many were empty or the header once more."""
    lines: list[Line] = []
    passed_over, width = 0, len(header.names)
    for number, cells in rows:
        if number <= header.line or not cells:
            continue
        if all(map(is_empty, cells)) or strip_header([str(cell) for cell in cells]) == header.names:
            passed_over += 1
            continue
        if len(lines) == MAX_ROWS:
            raise TooManyRows(f"The file has more than {MAX_ROWS} rows.")
        surplus = [cell for cell in cells[width:] if not is_empty(cell)][:3]
        is_wider = not all(is_empty(cell) for cell in cells[header.width :])
        lines.append(Line(number, [*cells[:width], *[""] * (width - len(cells))], surplus, is_wider))
    return lines, passed_over


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def check_for_open_quotes(lines: list[Line], delimiter: str) -> None:
    """Raise UnreadableFile where a quoted cell has swallowed whole lines of the table."""
    for line in lines:
        for cell in line.cells:
            if isinstance(cell, str) and ("\n" in cell or "\r" in cell):
                for inner in re.split(r"[\r\n]+", cell)[1:]:
                    if inner.count(delimiter) >= 2 and DAY_IN_LINE.match(inner):  # noqa: PLR2004
                        raise UnreadableFile(
                            f"Line {line.number} is not valid CSV: a quote is opened and closed some lines below, "
                            f"around {quote(inner)}."
                        )
