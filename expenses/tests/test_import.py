"""POST /api/expenses/import"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from expense_tracker.dates import today
from expenses.imports import own_json, reading, storing

PATH = "/api/expenses/import"
HEADER = "date,amount,category,description\n"
LUNCH = "2026-01-21,25.00,Food,Lunch\n"
COFFEE = "2026-01-21,3.50,Coffee,\n"
LUNCH_STORED = ("2026-01-21", 2500, "Food", "Lunch")
COFFEE_STORED = ("2026-01-21", 350, "Coffee", None)
MAX_BYTES = 10 * 1024 * 1024
NOTHING_IMPORTED = "Some rows are not valid, and nothing was imported. Send partial=true to import the others."


def send(client: APIClient, content: str | bytes, **options: str) -> Any:
    file = SimpleUploadedFile("expenses", content.encode() if isinstance(content, str) else content)
    return client.post(f"{PATH}?{urlencode(options)}", {"file": file}, format="multipart")


def stored(client: APIClient) -> list[tuple[Any, ...]]:
    """What the account has, in the order of creation."""
    names = ("date", "amount", "category", "description")
    expenses = client.get("/api/expenses", {"ordering": "created_at"}).json()
    return [tuple(expense[name] for name in names) for expense in expenses]


Row = tuple[int, str] | tuple[int, str, str | None, str | None]


def report(*rows: Row) -> dict[str, Any]:
    """The response for rows that are given as line and status, and what is wrong and where."""
    statuses = [row[1] for row in rows]
    return {
        **{status: statuses.count(status) for status in ("created", "duplicate", "skipped", "invalid")},
        "rows": [dict(zip(("line", "status", "reason", "pointer"), (*row, None, None), strict=False)) for row in rows],
    }


def outcome(body: dict[str, Any]) -> dict[str, Any]:
    """The report without how the file, and what of each row, was read."""
    names = ("line", "status", "reason", "pointer")
    counts = {status: body[status] for status in ("created", "duplicate", "skipped", "invalid")}
    return {**counts, "rows": [{name: row[name] for name in names} for row in body["rows"]]}


def assert_done(response: Any, *rows: Row) -> None:
    assert response.status_code == 200, response.json()
    assert outcome(response.json()) == report(*rows)


def assert_invalid(response: Any, *rows: Row) -> None:
    assert response.status_code == 400
    assert response.json()["detail"] == NOTHING_IMPORTED
    assert outcome(response.json()) == report(*rows)


def assert_asked(response: Any, parameter: str, message: str, code: str = "undecided") -> None:
    """The file can be read in several ways, and the parameter decides."""
    errors = [{"detail": message, "code": code, "parameter": parameter}]
    assert_refused(response, 400, {"detail": f"{parameter}: {message}", "code": "undecided", "errors": errors})


def assert_refused(response: Any, status: int, body: dict[str, Any]) -> None:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == body


def test_an_import_creates_the_rows_in_their_order_and_reports_each(alice: APIClient, bob: APIClient) -> None:
    response = send(alice, HEADER + LUNCH + COFFEE)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    lunch = {"date": "2026-01-21", "amount": 2500, "category": "Food", "description": "Lunch"}
    coffee = {"date": "2026-01-21", "amount": 350, "category": "Coffee", "description": None}
    assert response.json() == {
        "created": 2,
        "duplicate": 0,
        "skipped": 0,
        "invalid": 0,
        "passed_over": 0,
        "read_as": {
            "format": "csv",
            "encoding": "utf-8",
            "delimiter": ",",
            "header_line": 1,
            "columns": {"date": "date", "amount": "amount", "category": "category", "description": ["description"]},
            "decimal": ".",
            "date_format": "YYYY-MM-DD",
            "spending": "positive",
            "layout": None,
        },
        "rows": [
            {"line": 2, "status": "created", "reason": None, "pointer": None, **lunch},
            {"line": 3, "status": "created", "reason": None, "pointer": None, **coffee},
        ],
    }
    assert stored(alice) == [LUNCH_STORED, COFFEE_STORED]
    assert stored(bob) == []


def test_each_created_row_takes_a_number_and_the_others_take_none(alice: APIClient) -> None:
    first = alice.post("/api/expenses", {"amount": 350, "category": "Coffee", "date": "2026-01-21"}).json()["revision"]

    send(alice, f"{HEADER}{LUNCH}{COFFEE}{LUNCH}x,1,Food,\n", partial="true")
    after = alice.get("/api/expenses/changes", {"since": first}).json()

    assert [expense["revision"] for expense in after["changed"]] == [first + 1, first + 2]
    assert after["revision"] == first + 2


# --- What a CSV may look like ---------------------------------------------------------------------------------------
UMLAUTS = "date,amount,category,description\n2026-01-21,25.00,Café,👩‍🚀 ü\n"


@pytest.mark.parametrize(
    "content",
    [
        UMLAUTS.encode("utf-8"),
        UMLAUTS.encode("utf-8-sig"),
        b"\xff\xfe" + UMLAUTS.encode("utf-16-le"),
        b"\xfe\xff" + UMLAUTS.encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16 LE", "UTF-16 BE"],
)
def test_utf_8_and_utf_16_are_read(alice: APIClient, content: bytes) -> None:
    assert_done(send(alice, content), (2, "created"))
    assert stored(alice) == [("2026-01-21", 2500, "Café", "👩‍🚀 ü")]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_told_by_the_text(alice: APIClient, encoding: str) -> None:
    content = f"{HEADER}2026-01-21,25.00,Café,Brötchen für später\n".encode(encoding)

    response = send(alice, content)

    assert_done(response, (2, "created"))
    assert response.json()["read_as"]["encoding"] == encoding
    assert stored(alice) == [("2026-01-21", 2500, "Café", "Brötchen für später")]


def test_the_encoding_that_is_named_is_taken(alice: APIClient) -> None:
    content = f"{HEADER}2026-01-21,25.00,Łódź,\n".encode("cp1250")

    assert_done(send(alice, content, encoding="windows-1250"), (2, "created"))
    assert stored(alice) == [("2026-01-21", 2500, "Łódź", None)]


@pytest.mark.parametrize(
    ("content", "options", "parameter", "message"),
    [
        (
            HEADER.encode() + b"2026-01-21,1,Caf\xe9,",
            {"encoding": "utf-8"},
            "encoding",
            "The file is not in the encoding utf-8. Name another one.",
        ),
        (b"\xef\xbb\xbfdate,amount,category\n2026-01-21,1,Caf\xe9", {}, None, "The file begins as UTF-8, but is not."),
        (b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x00\xd8x", {}, None, "The file begins as UTF-16, but is not."),
        (b"date,amount\n\xff\x00\x01", {}, None, "The file is no text."),
    ],
    ids=["not what is named", "a mark that lies", "half a surrogate", "no text"],
)
def test_what_is_not_in_its_encoding_is_refused(
    alice: APIClient, content: bytes, options: dict[str, str], parameter: str | None, message: str
) -> None:
    response = send(alice, content, partial="true", **options)

    if parameter:
        assert_asked(response, parameter, message)
    else:
        assert_refused(response, 400, {"detail": message, "code": "unreadable_file"})


@pytest.mark.parametrize(
    "content",
    [
        "date;amount;category;description\n2026-01-21;25.00;Food;Lunch\n",
        "date\tamount\tcategory\tdescription\n2026-01-21\t25.00\tFood\tLunch\n",
        "Date,AMOUNT,Category,dEsCrIpTiOn\n2026-01-21,25.00,Food,Lunch\n",
        "description,category,amount,date\nLunch,Food,25.00,2026-01-21\n",
        ' date ,"amount",category, description\n 2026-01-21 , 25.00 , Food , Lunch \n',
        "id,date,note;to,amount,,category,,description\n7,2026-01-21,x,25.00,y,Food,z,Lunch\n",
        "date,amount,category,description\n2026-01-21,25.00,Food,Lunch",
        "date,amount,category,description\n2026-01-21,25.00,Food,Lunch,,\n",
        "date|amount|category|description\n2026-01-21|25.00|Food|Lunch\n",
        "sep=;\r\ndate;amount;category;description\r\n2026-01-21;25.00;Food;Lunch\r\n",
        'date,amount,category,description\n"2026-01-21","25.00","Food","Lunch"\n',
        "date,amount,category,description\r\n2026-01-21,25.00,Food,Lunch\r\n",
        "date,amount,category,description\r2026-01-21,25.00,Food,Lunch\r",
    ],
    ids=[
        "semicolons",
        "tabs",
        "letters of any case",
        "another order",
        "white space",
        "more columns",
        "no last line end",
        "more empty cells than columns",
        "bars",
        "sep=",
        "quotes",
        "CR LF",
        "CR",
    ],
)
def test_columns_are_found_by_name_with_any_delimiter(alice: APIClient, content: str) -> None:
    assert_done(send(alice, content), (content.startswith("sep") + 2, "created"))
    assert stored(alice) == [LUNCH_STORED]


@pytest.mark.parametrize(
    "content", ["date,amount,category\n2026-01-21,3.50,Coffee\n", f"{HEADER}2026-01-21,3.50,Coffee"]
)
def test_a_description_that_is_not_there_is_null(alice: APIClient, content: str) -> None:
    assert_done(send(alice, content), (2, "created"))
    assert stored(alice) == [COFFEE_STORED]


def no_columns(line: int, found: str, missed: str) -> str:
    return (
        "No line of the first 30 names a column for the date and one for the amount. "
        f"Line {line} has {found}; it misses {missed}. Say which columns they are with the option columns."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LUNCH, no_columns(1, '"2026-01-21", "25.00", "Food", "Lunch"', "date and amount")),
        ("amount,category\n", no_columns(1, '"amount", "category"', "date")),
        ("My book\n\ndate;category\n", no_columns(3, '"date", "category"', "amount")),
    ],
)
def test_a_file_without_a_header_is_told_what_was_found(alice: APIClient, content: str, message: str) -> None:
    assert_asked(send(alice, content, partial="true"), "columns", message)
    assert stored(alice) == []


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
def test_a_file_that_is_no_table_is_refused_whole(alice: APIClient, content: str, detail: str) -> None:
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
def test_other_kinds_of_files_are_refused_by_name(alice: APIClient, content: bytes, kind: str) -> None:
    detail = f"The file is {kind}, which cannot be imported. Export CSV, Excel (.xlsx) or our JSON."

    assert_refused(send(alice, content), 400, {"detail": detail, "code": "unreadable_file"})


def test_a_column_that_stands_twice_and_differs_is_asked_for(alice: APIClient) -> None:
    content = "date,amount,Amount,category\n2026-01-21,1.00,2.00,Food\n"

    assert_asked(
        send(alice, content),
        "columns",
        'The columns "amount", "Amount" differ: say with the option columns which is the amount.',
    )


@pytest.mark.parametrize("content", [HEADER, HEADER.strip(), f"{HEADER}\n\n\r\n", "[]", " \n[ ]\n"])
def test_a_file_without_rows_creates_nothing(alice: APIClient, content: str) -> None:
    assert_done(send(alice, content))


def test_lines_are_counted_as_an_editor_shows_them(alice: APIClient) -> None:
    header = 'date,amount,category,"of no\r\ninterest",description\n\n'
    content = f'{header}{LUNCH}2026-01-22,1,Food,,"one\r\ntwo\n\nfour"\r\n\r\nx,2.00,,\n{LUNCH}'

    response = send(alice, content, partial="true")

    invalid = (10, "invalid", '"x" is no day in the format YYYY-MM-DD between 1970 and 9998.', "#/2/date")
    assert_done(response, (4, "created"), (5, "created"), invalid, (11, "created"))
    assert [description for *_, description in stored(alice)] == [None, "one\ntwo\n\nfour", None]


@pytest.mark.parametrize(
    ("amount", "decimal", "cents"),
    [
        ("25.00", ".", 2500),
        ("25", ".", 2500),
        ("25.5", ".", 2550),
        ("0.01", ".", 1),
        ("0025.00", ".", 2500),
        ("9999999999.99", ".", 999_999_999_999),
        ('"25,00"', ",", 2500),
        ('"0,5"', ",", 50),
        ("25", ",", 2500),
        ("1.250", ".", 125),
        ("1.250", ",", 125_000),
    ],
)
def test_amounts_are_money_with_the_decimal_sign_that_is_named(
    alice: APIClient, amount: str, decimal: str, cents: int
) -> None:
    assert_done(send(alice, f"date,amount,category\n2026-01-21,{amount},Food\n", decimal=decimal), (2, "created"))
    assert stored(alice) == [("2026-01-21", cents, "Food", None)]


@pytest.mark.parametrize(
    ("cells", "cents"),
    [
        (["25", "3"], [2500, 300]),
        (["25,00", "3,5"], [2500, 350]),
        (["1,250.00", "14.80"], [125_000, 1480]),
        (["1.250,00", "14,80"], [125_000, 1480]),
        (["1'250.00", "1\u2019250"], [125_000, 125_000]),
        (["1\u00a0250,00", "1\u202f250 €"], [125_000, 125_000]),
        (["1,25,000.00", "14.80"], [12_500_000, 1480]),
        (["$14.80", "US$ 1", "12.00 EUR", "CHF 3"], [1480, 100, 1200, 300]),
        (["-25.00", "\u22123.50", "(12.00)", "12.00-", "-$1", "$-1", "1 € -"], [2500, 350, 1200, 1200, 100, 100, 100]),
        (["+25.00", ".50"], [2500, 50]),
        (["14.800", "0.500"], [1480, 50]),
        (["14.800", "0.30000000000000004"], [1480, 30]),
        (["1,250", "14.80"], [125_000, 1480]),
        (["1.250.000", "3"], [125_000_000, 300]),
    ],
)
def test_numbers_are_read_in_the_one_way_that_fits_all(alice: APIClient, cells: list[str], cents: list[int]) -> None:
    content = "date;amount;category\n" + "".join(f"2026-01-21;{cell};Food\n" for cell in cells)

    options = {"spending": "negative"} if "(12.00)" in cells else {}
    assert_done(send(alice, content, **options), *((line, "created") for line in range(2, 2 + len(cells))))
    assert [amount for _, amount, *_ in stored(alice)] == cents


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["1.250"], '"1.250" may be 1.25 or 1250.00: send decimal=. or decimal=, for what stands before the cents.'),
        (
            ["3", "1,250"],
            '"1,250" may be 1250.00 or 1.25: send decimal=. or decimal=, for what stands before the cents.',
        ),
        (["14.80", "1.250"], '"1.250" beside "14.80": are these thousands? Write all in one way, or send decimal.'),
        (["14.80", "14,80"], 'Amounts are written in two ways, "14.80" and "14,80": write all in one.'),
    ],
)
def test_numbers_that_can_be_read_in_two_ways_are_asked_for(alice: APIClient, cells: list[str], message: str) -> None:
    content = "date;amount;category\n" + "".join(f"2026-01-21;{cell};Food\n" for cell in cells)

    assert_asked(send(alice, content, partial="true"), "decimal", message)
    assert stored(alice) == []


@pytest.mark.parametrize(
    ("row", "options", "parameter", "otherwise"),
    [
        ("2026-01-21,12,50,Food", {}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,12,50,Food", {"decimal": ","}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,0,01,Food", {"decimal": ","}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,1000,010,Food", {}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,1,250.00,Rent", {}, "delimiter", "write ; between the cells."),
        ("2026-01-21,1,250.00,Rent", {"decimal": "."}, "delimiter", "write ; between the cells."),
        (
            "2026-01-21,1,250,Rent",
            {"columns": '{"date": "date", "amount": "amount"}'},
            "delimiter",
            "write ; between the cells.",
        ),
    ],
)
def test_an_amount_that_a_comma_has_cut_is_not_taken_for_two_cells(
    alice: APIClient, row: str, options: dict[str, str], parameter: str, otherwise: str
) -> None:
    response = send(alice, f"{HEADER}{row}\n2026-01-22,3,Coffee,Flat white\n", partial="true", **options)

    amount = ",".join(row.split(",")[1:3])
    assert_asked(response, parameter, f'Is "{amount}" one amount? Then put it into quotes. If not, {otherwise}')
    assert stored(alice) == []


def test_a_category_that_is_a_number_hides_no_amount_that_was_cut(alice: APIClient) -> None:
    response = send(alice, f"{HEADER}2026-01-21,0.01,50\n2026-01-21,1,000.00 €,Food\n", partial="true")

    message = 'Is "1,000.00 €" one amount? Then put it into quotes. If not, write ; between the cells.'
    assert_asked(response, "delimiter", message)


def test_a_number_in_a_text_that_a_comma_has_cut_is_no_amount(alice: APIClient) -> None:
    content = "date,description,amount,category\n2026-01-21,Milk, 2,12.00\n2026-01-21,Rolls,3.00,Food\n"

    message = '"2" is followed by "12.00": has a comma in a text moved the cells? Then put that text into quotes.'
    assert_asked(send(alice, content, partial="true"), "delimiter", message)


def test_a_column_of_numbers_behind_the_amount_is_left_alone(alice: APIClient) -> None:
    content = "date,amount,mcc,category\n2026-01-21,12,50,Food\n2026-01-21,14.80,546,Food\n2026-01-21,3,546,Food\n"

    assert_done(send(alice, content), (2, "created"), (3, "created"), (4, "created"))
    assert_done(send(alice, "date,amount,mcc\n2026-01-22,12,50\n", decimal="."), (2, "created"))


@pytest.mark.parametrize(
    ("date_format", "day"),
    [
        ("YYYY-MM-DD", "2026-03-09"),
        ("YYYY-MM-DD", "2026-3-9"),
        ("DD.MM.YYYY", "09.03.2026"),
        ("DD.MM.YYYY", " 9.3.2026 "),
        ("MM/DD/YYYY", "3/09/2026"),
        ("DD MM YYYY", "09 03 2026"),
        ("YYYY/DD.MM", "2026/09.03"),
        ("%d.%m.%Y", "09.03.2026"),
        ("%m/%d/%Y", "3/9/2026"),
        ("dd.mm.yyyy", "09.03.2026"),
        ("DD.MM.YY", "09.03.26"),
        ("M/D/YY", "3/9/26"),
        ("MM/DD/YYYY hh:mm", "03/09/2026 08:12"),
        ("MM/DD/YYYY", "03/09/2026 08:12 AM"),
        ("YYYYMMDD", "20260309"),
        ("DDMMYYYY", "09032026"),
        ("D MMM YYYY", "9 März 2026"),
        ("D-MMM-YY", "9-mar-26"),
        ("MMM D, YYYY", "March 9, 2026"),
        ("%d %b %Y", "9 Mar 2026"),
    ],
)
def test_days_are_read_in_the_format_that_is_named(alice: APIClient, date_format: str, day: str) -> None:
    assert_done(send(alice, f"date;amount;category\n{day};1;Food\n", date_format=date_format), (2, "created"))
    assert stored(alice) == [("2026-03-09", 100, "Food", None)]


@pytest.mark.parametrize(
    "cells",
    [
        [
            "2026-03-09",
            "2026-03-09 00:00:00",
            "2026-03-09T23:59:59Z",
            "2026-03-09T08:12:36.446+01:00",
            "20260309",
            "2026/3/9",
        ],
        ["09/03/2026", "9/3/2026", "09/03/2026 08:12", "21/03/2026"],
        ["3/9/2026", "03/21/2026"],
        ["3/9/26", "03/21/26"],
        [
            "9 Mar 2026",
            "9-Mar-26",
            "Mar 9, 2026",
            "Monday, March 9, 2026",
            "9. März 2026",
            "9 mars 2026",
            "9 de marzo de 2026",
        ],
    ],
)
def test_days_are_read_in_the_one_order_that_fits_all(alice: APIClient, cells: list[str]) -> None:
    content = "date;amount;category\n" + "".join(f"{cell};1;Food\n" for cell in cells)

    assert send(alice, content).status_code == 200
    assert {day for day, *_ in stored(alice)} <= {"2026-03-09", "2026-03-21"}


TELL = "cannot be told: send date_format="
OTHER_WAY = "day and month stand the other way round."


@pytest.mark.parametrize(
    ("cells", "options", "message"),
    [
        (
            ["03/04/2026", "05/06/2026"],
            {},
            f'The order of day and month in "03/04/2026" {TELL}DD/MM/YYYY or MM/DD/YYYY.',
        ),
        (["25/12/26"], {}, f'The order of day and month in "25/12/26" {TELL}DD/MM/YY or YY/MM/DD.'),
        (["21/03/2026", "03/21/2026"], {}, 'No one order of day and month fits all days: "21/03/2026", "03/21/2026".'),
        (["2026-03-09", "21/03/2026"], {}, 'Days are written in two ways: "21/03/2026" beside "2026-03-09".'),
        (["21/03/2026", "21/03/26"], {}, 'Years are written in two ways: "21/03/2026" and "21/03/26".'),
        (["2026-09-03", "2026-21-03"], {}, '"2026-21-03" is no day with the month in the middle. Send date_format.'),
        (
            ["03/09/2026", "21/03/2026"],
            {"date_format": "MM/DD/YYYY"},
            f'"21/03/2026" is no day in the format MM/DD/YYYY: {OTHER_WAY}',
        ),
    ],
)
def test_days_that_can_be_read_in_two_ways_are_asked_for(
    alice: APIClient, cells: list[str], options: dict[str, str], message: str
) -> None:
    content = "date;amount;category\n" + "".join(f"{cell};1;Food\n" for cell in cells)

    assert_asked(send(alice, content, partial="true", **options), "date_format", message)
    assert stored(alice) == []


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+2", "=1+2"),
        ("'+1", "+1"),
        ("'-1", "-1"),
        ("'@a", "@a"),
        ("''=1", "'=1"),
        ("'", "'"),
        ("'quoted'", "'quoted'"),
        ("=1+2", "=1+2"),
        ("''", "''"),
    ],
)
def test_only_the_apostrophe_that_an_export_adds_is_taken_off(alice: APIClient, cell: str, text: str) -> None:
    assert_done(send(alice, f"{HEADER}2026-01-21,1,{cell},{cell}\n"), (2, "created"))
    assert stored(alice) == [("2026-01-21", 100, text, text)]


# --- What is spending ----------------------------------------------------------------------------------------------
SIGNS = "date,amount,category\n2026-03-07,-14.80,Food\n2026-03-15,2950,Salary\n"
ABOVE = "The amount is above 0: income, a refund, or a transfer."
WHICH = "which are spending? Send spending=negative or spending=positive."


def test_amounts_of_both_signs_are_asked_for_whatever_partial_says(alice: APIClient) -> None:
    for options in ({}, {"partial": "true"}, {"dry_run": "true"}):
        response = send(alice, SIGNS, **options)
        assert_asked(response, "spending", f'There are amounts below and above 0 in "amount": {WHICH}')
    assert stored(alice) == []


def test_rows_on_the_other_side_are_skipped(alice: APIClient) -> None:
    response = send(alice, SIGNS, spending="negative")

    assert_done(response, (2, "created"), (3, "skipped", ABOVE, None))
    assert response.json()["rows"][1]["amount"] == 295_000
    assert stored(alice) == [("2026-03-07", 1480, "Food", None)]


def test_all_that_is_open_is_asked_at_once(alice: APIClient) -> None:
    response = send(alice, "date,amount\n03/04/2026,-14.80\n05/06/2026,2950\n")

    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == ["spending", "date_format"]


@pytest.mark.parametrize(
    ("header", "spent", "earned", "reason"),
    [
        ("Type", "debit", "credit", '"Type" is "credit": income.'),
        ("Transaction Type", "Expense", "Transfer", '"Transaction Type" is "Transfer": transfer.'),
        ("Af Bij", "Af", "Bij", '"Af Bij" is "Bij": income.'),
        ("Wat", "Ausgabe", "Einnahme", '"Wat" is "Einnahme": income.'),
        ("income", "false", "true", '"income" is "true": income.'),
        ("Is Reimbursement", "No", "Yes", '"Is Reimbursement" is "Yes": a transfer.'),
        ("Excluded", "false", "true", '"Excluded" is "true": not counted.'),
        ("Status", "COMPLETED", "REVERTED", '"Status" is "REVERTED".'),
    ],
)
def test_a_column_says_what_is_no_spending(alice: APIClient, header: str, spent: str, earned: str, reason: str) -> None:
    content = f"date,amount,category,{header}\n2026-03-07,14.80,Food,{spent}\n2026-03-15,2950.00,Pay,{earned}\n"

    assert_done(send(alice, content), (2, "created"), (3, "skipped", reason, None))
    assert stored(alice) == [("2026-03-07", 1480, "Food", None)]


def test_two_columns_of_money_say_what_is_spending(alice: APIClient) -> None:
    content = 'Date,Category,Outflow,Inflow\n2026-03-07,Food,$14.80,$0.00\n2026-03-15,Pay,$0.00,"$2,950.00"\n'

    reason = 'The amount is in "Inflow": income, a refund, or a transfer.'
    assert_done(send(alice, content), (2, "created"), (3, "skipped", reason, None))


@pytest.mark.parametrize(
    ("header", "cell", "why"),
    [
        ("Type", "Kauf", '"Type" says "Kauf"'),
        ("Balance", "985.20", 'there is a column "Balance"'),
        ("Expense(Transfer Out)", "Cash", 'there is a column "Expense(Transfer Out)"'),
    ],
)
def test_amounts_without_a_sign_are_asked_for_where_something_else_may_tell(
    alice: APIClient, header: str, cell: str, why: str
) -> None:
    content = f"date,amount,category,{header}\n2026-03-07,14.80,Food,{cell}\n"

    message = f"No amount has a sign, and {why}: is all of it spending? Then send spending=positive."
    assert_asked(send(alice, content), "spending", message)
    assert_done(send(alice, content, spending="positive"), (2, "created"))


def test_spending_in_several_currencies_is_not_added_up(alice: APIClient) -> None:
    content = "date,amount,category,currency,in euro\n2026-03-07,14.80,Food,EUR,14.80\n2026-03-08,3.00,Food,USD,2.75\n"

    response = send(alice, content)
    assert [error["parameter"] for error in response.json()["errors"]] == ["columns"]

    assert_done(send(alice, content, columns='{"amount": "in euro"}'), (2, "created"), (3, "created"))
    assert [amount for _, amount, *_ in stored(alice)] == [1480, 275]


# --- Options ---------------------------------------------------------------------------------------------------------
def test_columns_are_those_that_are_named(alice: APIClient) -> None:
    content = "A,B,C,D,E\n2026-01-21,25.00,Food,Lunch,with team members\n"
    columns = {"date": "A", "amount": "B", "category": "C", "description": ["D", "E"]}

    assert_done(send(alice, content, columns=json.dumps(columns)), (2, "created"))
    assert stored(alice) == [("2026-01-21", 2500, "Food", "Lunch, with team members")]


def test_a_column_that_is_not_there_is_told_with_those_that_are(alice: APIClient) -> None:
    message = 'Line 1 has the columns "date", "amount", "category", "description"; there is no "Betrag".'

    assert_asked(send(alice, HEADER + LUNCH, columns='{"date": "date", "amount": "Betrag"}'), "columns", message)


def test_rows_without_a_category_get_the_default_one(alice: APIClient) -> None:
    content = "date,amount,category\n2026-01-21,1.00,\n2026-01-21,2.00,Food\n"

    assert_done(send(alice, content, default_category=" Other "), (2, "created"), (3, "created"))
    assert [category for *_, category, _ in stored(alice)] == ["Other", "Food"]
    assert_done(send(alice, "date,amount\n2026-01-21,3.00\n"), (2, "created"))
    assert stored(alice)[-1] == ("2026-01-21", 300, "Uncategorised", None)


def test_payee_title_and_notes_make_the_description(alice: APIClient) -> None:
    content = "date,amount,payee,description,notes\n2026-01-21,1.00,Bakery,BAKERY,Rolls\n"

    assert_done(send(alice, content), (2, "created"))
    assert stored(alice) == [("2026-01-21", 100, "Uncategorised", "Bakery, Rolls")]


def test_a_description_that_is_too_long_is_cut_and_the_row_says_so(alice: APIClient) -> None:
    reason = "The description is longer than 255 characters and was cut."

    assert_done(send(alice, f"{HEADER}2026-01-21,1,Food,{'x' * 256}\n"), (2, "created", reason, None))
    assert stored(alice) == [("2026-01-21", 100, "Food", "x" * 254 + "…")]


def test_totals_and_lines_that_say_nothing_are_passed_over_and_counted(alice: APIClient) -> None:
    content = f"{HEADER}{LUNCH},,,\n{HEADER}Total,25.00,,\n,25.00,,Total\nGenerated yesterday\n"

    response = send(alice, content)

    assert_done(response, (2, "created"))
    assert response.json()["passed_over"] == 5


# --- JSON -----------------------------------------------------------------------------------------------------------
def test_json_has_cents_and_what_an_export_has_besides(alice: APIClient, bob: APIClient) -> None:
    alice.post("/api/expenses", {"amount": 2500, "category": "Food", "description": "'=Lunch", "date": "2026-01-21"})
    export = alice.get("/api/expenses/export", {"format": "json"}).getvalue()

    assert_done(send(bob, export, decimal=",", date_format="DD.MM.YYYY"), (1, "created"))

    assert stored(bob) == [("2026-01-21", 2500, "Food", "'=Lunch")]


def test_json_without_a_date_is_of_today(alice: APIClient) -> None:
    assert_done(send(alice, '[{"amount": 350, "category": " Coffee "}]'), (1, "created"))
    assert stored(alice) == [(today().isoformat(), 350, "Coffee", None)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_is_read_in_every_encoding_of_a_csv(alice: APIClient, encoding: str) -> None:
    content = '[{"amount": 1, "category": "Café", "date": "2026-01-21"}]'.encode(encoding)

    assert_done(send(alice, content), (1, "created"))
    assert stored(alice) == [("2026-01-21", 1, "Café", None)]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ('[{"amount": 1,', "The file is not valid JSON: unexpected end of data: line 1 column 15 (char 14)"),
        ("[NaN]", "The file is not valid JSON: unexpected character, expected a JSON value: line 1 column 2 (char 1)"),
        ("[" * 2000, "The file is not valid JSON: depth limit exceeded: line 1 column 1026 (char 1025)"),
        ('{"amount": 1, "category": "Food"}', "The file is not a JSON array of expenses."),
    ],
)
def test_what_is_no_json_array_is_refused_whole(alice: APIClient, content: str, detail: str) -> None:
    assert_refused(send(alice, content, partial="true"), 400, {"detail": detail, "code": "unreadable_file"})


@pytest.mark.parametrize(
    ("item", "reason", "member"),
    [
        ("null", "This is no expense: an object with amount and category.", ""),
        ("7", "This is no expense: an object with amount and category.", ""),
        ('{"category": "Food"}', '"None" is no amount: write an integer of cents, such as 1250 for 12.50.', "/amount"),
        ('{"amount": 1}', "The category is missing.", "/category"),
        ('{"amount": 1, "category": " "}', "The category is missing.", "/category"),
        ('{"amount": 1, "category": 7}', '"7" is no text.', "/category"),
        (
            '{"amount": "25.00", "category": "Food"}',
            '"25.00" is no amount: write an integer of cents, such as 1250 for 12.50.',
            "/amount",
        ),
        (
            '{"amount": 2.5, "category": "Food"}',
            '"2.5" is no amount: write an integer of cents, such as 1250 for 12.50.',
            "/amount",
        ),
        ('{"amount": 0, "category": "Food"}', "An amount must be between 0.01 and 9999999999.99.", "/amount"),
        (
            '{"amount": 1, "category": "Food", "date": "21.01.2026"}',
            '"21.01.2026": Enter a day as YYYY-MM-DD.',
            "/date",
        ),
        (
            '{"amount": 1, "category": "Food", "a/b": 1}',
            'There is no member "a/b" here. The members are: amount, category, description, date.',
            "/a~1b",
        ),
    ],
)
def test_an_item_that_is_no_expense_is_named(alice: APIClient, item: str, reason: str, member: str) -> None:
    content = f'[{{"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}}, {item}]'

    assert_done(send(alice, content, partial="true"), (1, "created"), (2, "invalid", reason, f"#/1{member}"))
    assert stored(alice) == [LUNCH_STORED]


# --- Rows that are not valid ----------------------------------------------------------------------------------------
OUT_OF_RANGE = "An amount must be between 0.01 and 9999999999.99."


def no_amount(text: str) -> str:
    return f'"{text}" is no amount: write it as 1250.00.'


def no_day(text: str) -> str:
    return f'"{text}" is no day in the format YYYY-MM-DD between 1970 and 9998.'


@pytest.mark.parametrize(
    ("line", "reason", "member"),
    [
        ("2026-01-21,,Food,", "The amount is empty: write it as 1250.00.", "/amount"),
        *(
            (f'2026-01-21,"{text}",Food,', no_amount(text), "/amount")
            for text in ("25.", "1e3", "٥", "1_0", "x", "1.2.3")  # noqa: RUF001
        ),
        ("2026-01-21,1.2345,Food,", '"1.2345" has parts of a cent: write at most two digits.', "/amount"),
        ("2026-01-21,10000000000.00,Food,", OUT_OF_RANGE, "/amount"),
        (",1.00,Food,", "The day is empty: write it as YYYY-MM-DD.", "/date"),
        *(
            (f"{day},1.00,Food,", no_day(day), "/date")
            for day in ("yesterday", "2026-02-30", "1969-12-31", "9999-01-01", "46088", "٢٠٢٦-01-21")
        ),
        (f"2026-01-21,1.00,{'x' * 41},", f'"{"x" * 41}" is longer than 40 characters.', "/category"),
        ('2026-01-21,1.00,"two\nlines",', '"two lines": This must be one line.', "/category"),
        ("2026-01-21,1.00,Food,a\x00b", '"a\x00b": The character U+0000 is not allowed.', "/description"),
        ("2026-01-21,1.00,Food,a\u202eb", '"a\u202eb": The character U+202E is not allowed.', "/description"),
        (
            "2026-01-21,1.00,Food,Milk, bread",
            '"bread" stands beyond the 4 columns: put a text or amount with a "," in it into quotes.',
            "",
        ),
    ],
)
def test_one_row_that_is_not_valid_stops_all_unless_the_others_are_asked_for(
    alice: APIClient, line: str, reason: str, member: str
) -> None:
    content = f"{HEADER}{LUNCH}{line}\n{COFFEE}"
    last = 4 + line.count("\n")
    rows = (2, "created"), (3, "invalid", reason, f"#/1{member}"), (last, "created")

    assert_invalid(send(alice, content), *rows)
    assert alice.get("/api/expenses/changes", {"since": 0}).json()["revision"] == 0

    assert_done(send(alice, content, partial="true"), *rows)
    assert stored(alice) == [LUNCH_STORED, COFFEE_STORED]


@pytest.mark.parametrize("digits", [50, 5_000, 60_000])
def test_an_amount_of_any_length_is_answered(alice: APIClient, digits: int) -> None:
    response = send(alice, f"{HEADER}2026-01-21,{'9' * digits},Food,\n")

    assert response.status_code == 400
    assert response.json()["invalid"] == 1
    assert response.json()["rows"][0]["pointer"] == "#/0/amount"


# --- What is there already ------------------------------------------------------------------------------------------
def test_equal_expenses_stay_as_many_as_the_file_has(alice: APIClient) -> None:
    content = HEADER + COFFEE + LUNCH + COFFEE

    assert_done(send(alice, content), (2, "created"), (3, "created"), (4, "created"))
    assert_done(send(alice, content), (2, "duplicate"), (3, "duplicate"), (4, "duplicate"))
    assert_done(send(alice, content + COFFEE), (2, "duplicate"), (3, "duplicate"), (4, "duplicate"), (5, "created"))

    assert stored(alice) == [COFFEE_STORED, LUNCH_STORED, COFFEE_STORED, COFFEE_STORED]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("2026-01-21,25,  Cafe\u0301 ,Lunch", "duplicate"),
        ("2026-01-22,25.00,Café,Lunch", "created"),
        ("2026-01-21,25.01,Café,Lunch", "created"),
        ("2026-01-21,25.00,café,Lunch", "created"),
        ("2026-01-21,25.00,Café,", "created"),
    ],
)
def test_a_duplicate_is_equal_in_every_column_as_it_is_stored(alice: APIClient, line: str, status: str) -> None:
    alice.post("/api/expenses", {"amount": 2500, "category": "Café", "description": "Lunch", "date": "2026-01-21"})

    assert_done(send(alice, f"{HEADER}{line}\n"), (2, status))


DELETED = "It was imported before and deleted: restore it from the trash if you want it back."


def test_what_was_imported_and_deleted_does_not_come_back(alice: APIClient, bob: APIClient) -> None:
    send(bob, HEADER + LUNCH)
    assert_done(send(alice, HEADER + LUNCH), (2, "created"))
    [expense] = alice.get("/api/expenses").json()
    alice.delete(f"/api/expenses/{expense['id']}")

    assert_done(send(alice, HEADER + LUNCH), (2, "duplicate", DELETED, None))
    assert stored(alice) == []

    alice.post(f"/api/expenses/{expense['id']}/restore")
    assert_done(send(alice, HEADER + LUNCH), (2, "duplicate"))
    assert stored(alice) == [LUNCH_STORED]


def test_what_was_written_by_hand_and_deleted_is_imported(alice: APIClient) -> None:
    lunch = {"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}
    expense = alice.post("/api/expenses", lunch).json()
    assert_done(send(alice, HEADER + LUNCH), (2, "duplicate"))
    alice.delete(f"/api/expenses/{expense['id']}")

    assert_done(send(alice, HEADER + LUNCH), (2, "created"))


def test_the_same_file_adds_nothing_after_categories_were_corrected_or_renamed(alice: APIClient) -> None:
    content = HEADER + LUNCH + COFFEE + COFFEE
    send(alice, content)
    for expense in alice.get("/api/expenses", {"category": "Coffee"}).json():
        alice.patch(f"/api/expenses/{expense['id']}", {"category": "Drinks", "date": "2026-01-20", "amount": 351})
    alice.post("/api/categories/rename", {"from": "Food", "to": "Meals"})

    assert_done(send(alice, content), (2, "duplicate"), (3, "duplicate"), (4, "duplicate"))
    assert len(stored(alice)) == 3


def test_a_longer_file_adds_what_is_new_in_it(alice: APIClient) -> None:
    send(alice, HEADER + COFFEE)

    assert_done(send(alice, HEADER + LUNCH + COFFEE + COFFEE), (2, "created"), (3, "duplicate"), (4, "created"))


def test_a_file_that_was_read_wrong_and_removed_can_be_read_right(alice: APIClient) -> None:
    content = "date;amount;category\n2026-01-21;1.250;Rent\n"
    send(alice, content, decimal=".")
    [expense] = alice.get("/api/expenses").json()
    alice.delete(f"/api/expenses/{expense['id']}")

    assert_done(send(alice, content, decimal=","), (2, "created"))
    assert stored(alice) == [("2026-01-21", 125_000, "Rent", None)]


def test_a_large_file_is_stored_in_parts_and_recognised_across_them(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "AT_ONCE", 2)
    alice.post("/api/expenses", {"amount": 350, "category": "Coffee", "date": "2026-01-21"})
    content = HEADER + COFFEE * 3 + LUNCH + COFFEE

    rows = (2, "duplicate"), (3, "created"), (4, "created"), (5, "created"), (6, "created")
    assert_done(send(alice, content), *rows)
    assert_done(send(alice, content), (2, "duplicate"), *((line, "duplicate") for line in range(3, 7)))
    assert stored(alice).count(COFFEE_STORED) == 4


def test_a_dry_run_reports_the_same_and_writes_nothing(alice: APIClient) -> None:
    send(alice, HEADER + LUNCH)
    content, before = f"{HEADER}{LUNCH}{COFFEE}x,1,Food,\n", alice.get("/api/expenses/changes", {"since": 0}).json()
    rows = (2, "duplicate"), (3, "created"), (4, "invalid", no_day("x"), "#/2/date")

    assert_done(send(alice, content, dry_run="true", partial="true"), *rows)
    assert_invalid(send(alice, content, dry_run="true"), *rows)

    assert alice.get("/api/expenses/changes", {"since": 0}).json() == before


# --- What is refused ------------------------------------------------------------------------------------------------
def test_a_file_of_too_many_rows_is_refused(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading.MAX_ROWS == 50_000
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    monkeypatch.setattr(own_json, "MAX_ROWS", 2)

    assert_refused(
        send(alice, HEADER + LUNCH * 3), 413, {"detail": "The file has more than 2 rows.", "code": "content_too_large"}
    )
    assert_refused(
        send(alice, "[7, 7, 7]", partial="true"),
        413,
        {"detail": "The file has more than 2 rows.", "code": "content_too_large"},
    )
    assert stored(alice) == []
    assert_done(send(alice, f"{HEADER}\n{LUNCH}\n{LUNCH}\n"), (3, "created"), (5, "created"))


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES, 200), (MAX_BYTES + 1, 413), (MAX_BYTES + 100_000, 413)])
def test_a_file_of_more_than_10_mb_is_refused(alice: APIClient, size: int, status: int) -> None:
    response = send(alice, b"[" + b" " * (size - 2) + b"]")

    assert response.status_code == status
    if status == 200:
        assert_done(response)
    else:
        assert response.json() == {"detail": f"The file is larger than {MAX_BYTES} bytes.", "code": "content_too_large"}


@pytest.mark.parametrize("piece", ['{"":0},', "[],", "0,", '"",'])
def test_json_is_counted_before_it_is_parsed(alice: APIClient, monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    monkeypatch.setattr("expenses.imports.own_json.orjson.loads", None)

    response = send(alice, f"[{piece * 1_300_000}0]")

    assert_refused(response, 413, {"detail": "The file has more than 50000 rows.", "code": "content_too_large"})


def test_braces_in_texts_are_not_counted(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_json, "MAX_ROWS", 2)
    content = json.dumps([{"amount": 1, "category": '{[,"\\', "date": "2026-01-21"}])

    assert_done(send(alice, content), (1, "created"))


@pytest.mark.parametrize("media_type", ["application/json", "text/csv", "application/x-www-form-urlencoded"])
def test_other_media_types_are_refused(alice: APIClient, media_type: str) -> None:
    response = alice.generic("POST", PATH, HEADER + LUNCH, content_type=media_type)

    detail = f'Unsupported media type "{media_type}" in request. Send multipart/form-data.'
    assert_refused(response, 415, {"detail": detail, "code": "unsupported_media_type"})


def part(disposition: str, content: str) -> str:
    return f"--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n--b--\r\n"


FILE = part('name="file"; filename="a.csv"', HEADER + LUNCH)
MISSING = "Send a file in the part named file."


@pytest.mark.parametrize(
    "body",
    [
        "",
        "--b--\r\n",
        part('name="File"; filename="a.csv"', HEADER + LUNCH),
        part('name="file"', HEADER + LUNCH),
    ],
    ids=["no body", "no part", "another name", "text"],
)
def test_the_part_must_be_there_and_a_file(alice: APIClient, body: str) -> None:
    response = alice.generic("POST", PATH, body, content_type="multipart/form-data; boundary=b")

    assert_refused(
        response,
        400,
        {
            "detail": f"file: {MISSING}",
            "code": "invalid",
            "errors": [{"detail": MISSING, "code": "required", "pointer": "#/file"}],
        },
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (FILE, "multipart/form-data"),
        (
            part('name="file"; filename="a.csv"\r\nContent-Transfer-Encoding: base64', "!"),
            "multipart/form-data; boundary=b",
        ),
        *(
            (part('name="x"', "ä"), f"multipart/form-data; boundary=b; charset={charset}")
            for charset in ("idna", "punycode", "undefined", "base64")
        ),
    ],
    ids=["no boundary", "broken base64", "idna", "punycode", "undefined", "base64"],
)
def test_a_broken_body_is_refused(alice: APIClient, body: str, content_type: str) -> None:
    response = alice.generic("POST", PATH, body, content_type=content_type)

    assert response.status_code in {400, 415}
    assert response["Content-Type"] == "application/problem+json"
    assert stored(alice) == []


KNOWN = "dry_run, partial, date_format, decimal, spending, encoding, delimiter, columns, default_category"
DATE_FORMAT = "Put YYYY or YY, MM or MMM, and DD together, with - . / or a space between them, such as DD.MM.YYYY."
ENCODING = "Name an encoding of text, such as utf-8, windows-1252, or gb18030."
COLUMNS = (
    'Send a JSON object of columns by their names in the file, such as {"date": "Datum", "amount": "Betrag", '
    '"description": ["Payee", "Memo"]}. It may name date, amount, outflow, inflow, type, category, '
    "description, currency."
)


@pytest.mark.parametrize(
    ("query", "parameter", "code", "message"),
    [
        ("dry_run=1", "dry_run", "invalid_choice", "Choose one of: true, false."),
        ("partial=True", "partial", "invalid_choice", "Choose one of: true, false."),
        ("decimal=;", "decimal", "invalid_choice", "Choose one of: ., ,."),
        ("spending=both", "spending", "invalid_choice", "Choose one of: negative, positive."),
        ("delimiter=x", "delimiter", "invalid_choice", "Choose one of: ,, ;, |, tab."),
        *(
            (urlencode({"encoding": value}), "encoding", "invalid", ENCODING)
            for value in ("idna", "punycode", "rot13", "base64", "utf-7", "x" * 100, "ä")
        ),
        *(
            (urlencode({"columns": value}), "columns", "invalid", COLUMNS)
            for value in (
                "x",
                "[]",
                "{}",
                '{"a": "b"}',
                '{"date": 1}',
                '{"date": ["a", "b"]}',
                '{"description": []}',
                "[" * 9999,
            )
        ),
        (urlencode({"default_category": "x" * 41}), "default_category", "invalid", "Enter 1 to 40 characters."),
        *(
            (urlencode({"date_format": value}), "date_format", "invalid", DATE_FORMAT)
            for value in (
                "YYYY-MM",
                "DD.MM.YYYY ",
                "DMYYYY",
                "YYYY-MM-DD DD",
                "YYYY--MM-DD",
                "%%Y-%m-%d",
                "%Y-%m-%d %H",
                "YYYY\nMM\nDD",
                "(YYYY)-MM-DD",
                "YYYY-MM-DD" * 1000,
            )
        ),
        ("partial=true&partial=true", "partial", "repeated", "This parameter can be given only once."),
        ("format=csv", "format", "unknown", f"Unknown parameter. Allowed parameters: {KNOWN}."),
    ],
)
def test_wrong_parameters_are_refused(alice: APIClient, query: str, parameter: str, code: str, message: str) -> None:
    file = SimpleUploadedFile("expenses.csv", (HEADER + LUNCH).encode())

    response = alice.post(f"{PATH}?{query}", {"file": file}, format="multipart")

    assert_refused(
        response,
        400,
        {
            "detail": f"{parameter}: {message}",
            "code": "invalid",
            "errors": [{"detail": message, "code": code, "parameter": parameter}],
        },
    )
    assert stored(alice) == []


def test_a_token_that_can_only_read_imports_nothing(alice: APIClient, api: APIClient) -> None:
    script = {"name": "Script", "expires_in_days": 1, "scope": "read"}
    token = alice.post("/api/sessions", script).json()["access_token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    assert_refused(
        send(api, HEADER + LUNCH, dry_run="true"),
        403,
        {"detail": "This token can only read.", "code": "read_only_token"},
    )


@pytest.mark.parametrize("rows", [1, 300])
@pytest.mark.parametrize("name", ["csv", "json"])
def test_an_import_needs_as_many_statements_for_many_rows_as_for_one(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], name: str, rows: int
) -> None:
    alice.post("/api/expenses", {"amount": 1, "category": "Food"})
    item = {"amount": 1, "category": "Food", "date": "2026-01-21"}
    content = json.dumps([item] * rows) if name == "json" else HEADER + LUNCH * rows

    # authentication, savepoint (the test's transaction is around it), lock, what was imported, what is
    # there; savepoint, numbers, insert, release; release
    with django_assert_num_queries(10):
        assert send(alice, content).json()["created"] == rows
