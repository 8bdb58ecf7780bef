"""Excel workbooks (.xlsx): numbers and days as they are, and no more work than a table of expenses is worth."""

from datetime import date

import pytest

from expenses.imports import workbooks
from expenses.imports.errors import ImportRefused, TooManyRows, Undecided, UnreadableFile
from expenses.imports.files import read_file
from expenses.imports.options import Options, parse_options
from expenses.imports.rows import Reading
from expenses.tests.imports.workbook import Value, workbook

HEADER: list[Value] = ["Date", "Amount", "Category", "Notes"]
ROLLS: list[Value] = [date(2026, 3, 7), 14.8, "Food", "Rolls"]


def contents(reading: Reading) -> list[tuple[object, ...]]:
    return [(row.line, *row.content()) for row in reading.rows if row.status == "created"]


def test_numbers_and_days_are_read_unchanged() -> None:
    rows: list[list[Value]] = [
        ["My book"],
        [],
        HEADER,
        ROLLS,
        [date(2026, 3, 8), 1250, "Rent"],
        [None, 1264.8, None, "Total"],
    ]

    reading = read_file(workbook({"2026": rows}), Options())

    assert contents(reading) == [
        (4, date(2026, 3, 7), 1480, "Food", "Rolls"),
        (5, date(2026, 3, 8), 125_000, "Rent", None),
    ]
    assert reading.passed_over == 1
    assert (reading.read_as["format"], reading.read_as["header_line"]) == ("xlsx", 3)


def test_text_cells_are_read_as_in_a_csv() -> None:
    rows: list[list[Value]] = [HEADER, ["07.03.2026", "14,80"], ["16.03.2026", "1.250,00"]]

    reading = read_file(workbook({"A": rows}), Options())

    assert [row[1:3] for row in contents(reading)] == [(date(2026, 3, 7), 1480), (date(2026, 3, 16), 125_000)]


def test_floating_point_noise_is_rounded_and_parts_of_a_cent_are_invalid() -> None:
    reading = read_file(workbook({"A": [HEADER, [date(2026, 3, 7), 0.1 + 0.2], [date(2026, 3, 7), 1.125]]}), Options())

    assert [(row.status, row.amount) for row in reading.rows] == [("created", 30), ("invalid", None)]


@pytest.mark.parametrize("options", [{}, {"date_format": "DD/MM/YYYY"}])
def test_dates_beside_dates_as_text_are_refused(options: dict[str, str]) -> None:
    content = workbook({"A": [HEADER, [date(2026, 7, 3), 14.8], ["15/03/2026", 1]]})

    with pytest.raises(Undecided, match="make them all days in the workbook"):
        read_file(content, parse_options(options))


def test_hidden_and_unrelated_sheets_are_ignored() -> None:
    sheets: dict[str, list[list[Value]]] = {"Notes": [["Hello"]], "Old": [HEADER, ROLLS], "New": [HEADER, ROLLS]}

    assert len(read_file(workbook(sheets, hidden=("Old",)), Options()).rows) == 1
    with pytest.raises(UnreadableFile, match='The sheets "Old", "New" all have expenses'):
        read_file(workbook(sheets), Options())


@pytest.mark.parametrize("place", ["XFD1", "A1048576", "IW1", "A100001", "A99999999999"])
def test_far_out_cell_is_refused_before_the_table_is_built(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr(workbooks, "CalamineWorkbook", None)
    far = f'<worksheet><row><c r="{place}"><v>1</v></c></row></worksheet>'

    with pytest.raises(TooManyRows):
        read_file(workbook({"A": [HEADER]}, more={"xl/worksheets/sheet9.xml": far}), Options())


def test_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_UNPACKED_BYTES", 100_000)

    with pytest.raises(TooManyRows):
        read_file(workbook({"A": [HEADER]}, more={"large": "0" * 100_000}), Options())


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"PK\x03\x04" + b"x" * 500, workbook({"A": [HEADER, ROLLS]})[:-200]]
)
def test_broken_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(ImportRefused, match="The workbook cannot be read"):
        read_file(content, Options())
