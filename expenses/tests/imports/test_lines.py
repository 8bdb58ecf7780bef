"""POST /api/expenses/import: lines, empty files and files that are no table"""

import pytest
from rest_framework.test import APIClient

from expenses.tests.imports.uploads import HEADER, LUNCH, assert_imported, assert_refused, send, stored


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("", "The file is empty."),
        (f"{'x' * 66_000},{HEADER}", "Line 1 is longer than 65536 characters."),
        (f'{HEADER}{LUNCH}"{"x" * 66_000}"', "Line 3 is longer than 65536 characters."),
        (f'{HEADER}{LUNCH}2026-01-21,1,Food,"x', "Line 3 is not valid CSV: a quote is opened and not closed."),
        (f'{HEADER}2026-01-21,1,Food,"a"b\n', "Line 2 is not valid CSV: ',' expected after '\"'."),
        (
            f'{HEADER}2026-01-21,1,Food,"a\n2026-01-22,1,Food,"\n',
            'Line 2 is not valid CSV: a quote is opened and closed some lines below, around "2026-01-22,1,Food,".',
        ),
    ],
)
def test_broken_csv_returns_400_and_imports_nothing(alice: APIClient, content: str, detail: str) -> None:
    assert_refused(send(alice, content, partial="true"), 400, {"detail": detail, "code": "unreadable_file"})
    assert stored(alice) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)"),
        (b"OFXHEADER:100\nDATA:OFXSGML\n", "OFX"),
        (b'<?xml version="1.0"?>\n<?OFX OFXHEADER="200"?>', "OFX"),
        (b"!Type:Bank\nD03/07/2026\n", "QIF"),
        (b"\n<!DOCTYPE html><html>", "a web page (HTML)"),
        (b"<Document>", "XML"),
        (b":20:STARTUMS\n:25:1/2\n", "MT940"),
        (b"\x1f\x8b\x08\x00", "an archive"),
    ],
)
def test_other_file_formats_return_400_with_their_name(alice: APIClient, content: bytes, kind: str) -> None:
    detail = f"The file is {kind}, which cannot be imported. Export CSV, Excel (.xlsx) or our JSON."

    assert_refused(send(alice, content), 400, {"detail": detail, "code": "unreadable_file"})


@pytest.mark.parametrize("content", [HEADER, HEADER.strip(), f"{HEADER}\n\n\r\n", "[]", " \n[ ]\n"])
def test_file_without_rows_creates_nothing(alice: APIClient, content: str) -> None:
    assert_imported(send(alice, content))


def test_lines_are_counted_as_an_editor_shows_them(alice: APIClient) -> None:
    header = 'date,amount,category,"of no\r\ninterest",description\n\n'
    content = f'{header}{LUNCH}2026-01-22,1,Food,,"one\r\ntwo\n\nfour"\r\n\r\nx,2.00,,\n{LUNCH}'

    response = send(alice, content, partial="true")

    invalid = (10, "invalid", '"x" is no day in the format YYYY-MM-DD between 1970 and 9998.', "#/2/date")
    assert_imported(response, (4, "created"), (5, "created"), invalid, (11, "created"))
    assert [description for *_, description in stored(alice)] == [None, "one\ntwo\n\nfour", None]


def test_totals_and_empty_lines_are_passed_over_and_counted(alice: APIClient) -> None:
    content = f"{HEADER}{LUNCH},,,\n{HEADER}Total,25.00,,\n,25.00,,Total\nGenerated yesterday\n"

    response = send(alice, content)

    assert_imported(response, (2, "created"))
    assert response.json()["passed_over"] == 5
