"""POST /api/expenses/import"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from expense_tracker.dates import today
from expenses import imports

PATH = "/api/expenses/import"
HEADER = "date,amount,category,description\n"
LUNCH = "2026-01-21,25.00,Food,Lunch\n"
COFFEE = "2026-01-21,3.50,Coffee,\n"
LUNCH_STORED = ("2026-01-21", 2500, "Food", "Lunch")
COFFEE_STORED = ("2026-01-21", 350, "Coffee", None)
MAX_BYTES = 10 * 1024 * 1024
NO_AMOUNT = "This is no amount of money."
NO_DAY = "This is no day in the date format."
NO_COLUMNS = "The first line must name the columns date, amount and category, and may name description."
NO_ENCODING = "The file is neither UTF-8 nor UTF-16 with a byte order mark."
NOTHING_IMPORTED = "Some rows are not valid, and nothing was imported. Send partial=true to import the others."


def send(client: APIClient, content: str | bytes, **options: str) -> Any:
    file = SimpleUploadedFile("expenses", content.encode() if isinstance(content, str) else content)
    return client.post(f"{PATH}?{urlencode(options)}", {"file": file}, format="multipart")


def stored(client: APIClient) -> list[tuple[Any, ...]]:
    """What the account has, in the order of creation."""
    names = ("date", "amount", "category", "description")
    expenses = client.get("/api/expenses", {"ordering": "created_at"}).json()
    return [tuple(expense[name] for name in names) for expense in expenses]


def report(*rows: tuple[int, str] | tuple[int, str, str, str]) -> dict[str, Any]:
    """The response for rows that are given as line and status, and what is wrong and where."""
    statuses = [row[1] for row in rows]
    return {
        **{status: statuses.count(status) for status in ("created", "duplicate", "invalid")},
        "rows": [dict(zip(("line", "status", "reason", "pointer"), (*row, None, None), strict=False)) for row in rows],
    }


def assert_done(response: Any, *rows: tuple[int, str] | tuple[int, str, str, str]) -> None:
    assert response.status_code == 200, response.json()
    assert response.json() == report(*rows)


def assert_refused(response: Any, status: int, body: dict[str, Any]) -> None:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == body


def test_an_import_creates_the_rows_in_their_order_and_reports_each(alice: APIClient, bob: APIClient) -> None:
    response = send(alice, HEADER + LUNCH + COFFEE)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.content == (
        b'{"created":2,"duplicate":0,"invalid":0,"rows":['
        b'{"line":2,"status":"created","reason":null,"pointer":null},'
        b'{"line":3,"status":"created","reason":null,"pointer":null}]}'
    )
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


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (f"{HEADER}2026-01-21,1,Café,".encode("latin-1"), NO_ENCODING),
        (b"\xef\xbb\xbfdate,amount,category\n2026-01-21,1,Caf\xe9", NO_ENCODING),
        (b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x00\xd8x", NO_ENCODING),
        (HEADER.encode("utf-16-le"), NO_COLUMNS),
    ],
    ids=["Latin-1", "a mark that lies", "half a surrogate", "UTF-16 without a mark"],
)
def test_other_encodings_are_refused(alice: APIClient, content: bytes, detail: str) -> None:
    assert_refused(send(alice, content, partial="true"), 400, {"detail": detail})


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
        "date,amount,category,description\n2026-01-21,25.00,Food,Lunch,more,cells\n",
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
        "more cells than columns",
        "quotes",
        "CR LF",
        "CR",
    ],
)
def test_columns_are_found_by_name_with_any_delimiter(alice: APIClient, content: str) -> None:
    assert_done(send(alice, content), (2, "created"))
    assert stored(alice) == [LUNCH_STORED]


@pytest.mark.parametrize(
    "content", ["date,amount,category\n2026-01-21,3.50,Coffee\n", f"{HEADER}2026-01-21,3.50,Coffee"]
)
def test_a_description_that_is_not_there_is_null(alice: APIClient, content: str) -> None:
    assert_done(send(alice, content), (2, "created"))
    assert stored(alice) == [COFFEE_STORED]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("", NO_COLUMNS),
        ("\n" + HEADER, NO_COLUMNS),
        (LUNCH, NO_COLUMNS),
        ("amount,category\n", NO_COLUMNS),
        ("date,category\n", NO_COLUMNS),
        ("date,amount\n", NO_COLUMNS),
        ("date|amount|category\n", NO_COLUMNS),
        ("date,amount,category,Amount\n", "A column stands twice in the first line."),
        ("date;amount;category;description;description\n", "A column stands twice in the first line."),
        (f"{'x' * 140_000},{HEADER}", "Line 1 is not valid CSV: field larger than field limit (131072)"),
        (f'{HEADER}{LUNCH}"{"x" * 140_000}"', "Line 3 is not valid CSV: field larger than field limit (131072)"),
    ],
)
def test_a_file_without_the_columns_is_refused_whole(alice: APIClient, content: str, detail: str) -> None:
    assert_refused(send(alice, content, partial="true"), 400, {"detail": detail})
    assert stored(alice) == []


@pytest.mark.parametrize("content", [HEADER, HEADER.strip(), f"{HEADER}\n\n\r\n", "[]", " \n[ ]\n"])
def test_a_file_without_rows_creates_nothing(alice: APIClient, content: str) -> None:
    assert_done(send(alice, content))


def test_lines_are_counted_as_an_editor_shows_them(alice: APIClient) -> None:
    header = 'date,amount,category,"of no\r\ninterest",description\n\n'
    content = f'{header}{LUNCH}2026-01-22,1,Food,,"one\r\ntwo\n\nfour"\r\n\r\nx,,,\n{LUNCH}'

    response = send(alice, content, partial="true")

    assert_done(response, (4, "created"), (5, "created"), (10, "invalid", NO_AMOUNT, "#/2/amount"), (11, "created"))
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
    ],
)
def test_amounts_are_money_with_the_decimal_sign_that_is_named(
    alice: APIClient, amount: str, decimal: str, cents: int
) -> None:
    assert_done(send(alice, f"date,amount,category\n2026-01-21,{amount},Food\n", decimal=decimal), (2, "created"))
    assert stored(alice) == [("2026-01-21", cents, "Food", None)]


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
    ],
)
def test_days_are_read_in_the_format_that_is_named(alice: APIClient, date_format: str, day: str) -> None:
    assert_done(send(alice, f"date;amount;category\n{day};1;Food\n", date_format=date_format), (2, "created"))
    assert stored(alice) == [("2026-03-09", 100, "Food", None)]


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
    assert_refused(send(alice, content, partial="true"), 400, {"detail": detail})


@pytest.mark.parametrize(
    ("item", "reason", "member"),
    [
        ("null", "This field may not be null.", ""),
        ("7", "Invalid data. Expected a dictionary, but got int.", ""),
        ("[]", "Invalid data. Expected a dictionary, but got list.", ""),
        ('{"category": "Food"}', "This field is required.", "/amount"),
        ('{"amount": 1}', "This field is required.", "/category"),
        ('{"amount": "25.00", "category": "Food"}', "Enter an integer of cents: 1250 for 12.50.", "/amount"),
        ('{"amount": 2.5, "category": "Food"}', "Enter an integer of cents: 1250 for 12.50.", "/amount"),
        ('{"amount": 1, "category": "Food", "date": "21.01.2026"}', "Enter a day as YYYY-MM-DD.", "/date"),
        (
            '{"amount": 1, "category": "Food", "a/b": 1}',
            "Unknown field. Allowed fields: amount, category, description, date.",
            "/a~1b",
        ),
    ],
)
def test_an_item_that_is_no_expense_is_named(alice: APIClient, item: str, reason: str, member: str) -> None:
    content = f'[{{"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}}, {item}]'

    assert_done(send(alice, content, partial="true"), (1, "created"), (2, "invalid", reason, f"#/1{member}"))
    assert stored(alice) == [LUNCH_STORED]


# --- Rows that are not valid ----------------------------------------------------------------------------------------
TOO_SMALL = "Ensure this value is greater than or equal to 1."
TOO_LARGE = "Ensure this value is less than or equal to 999999999999."


@pytest.mark.parametrize(
    ("line", "reason", "member"),
    [
        *(
            (f'2026-01-21,"{amount}",Food,', NO_AMOUNT, "amount")
            for amount in ("", "-5", "+5", ".5", "25.", "1.234", "25,00", "1,234.50", "1e3", "$5", "٥", "1_0", "x")  # noqa: RUF001
        ),
        ("2026-01-21,0.00,Food,", TOO_SMALL, "amount"),
        ("2026-01-21,10000000000.00,Food,", TOO_LARGE, "amount"),
        *(
            (f"{day},1,Food,", NO_DAY, "date")
            for day in ("", "21.01.2026", "20260121", "2026-01-21T10:00", "٢٠٢٦-01-21")
        ),
        ("2026-02-30,1,Food,", "There is no such day.", "date"),
        ("2026-13-01,1,Food,", "There is no such day.", "date"),
        ("1969-12-31,1,Food,", "The day must be between 1970-01-01 and 9998-12-31.", "date"),
        ("2026-01-21,1,,", "This field may not be blank.", "category"),
        ("2026-01-21,1", "This field may not be blank.", "category"),
        (f"2026-01-21,1,{'x' * 41},", "Ensure this field has no more than 40 characters.", "category"),
        ('2026-01-21,1,"two\nlines",', "This must be one line.", "category"),
        (f"2026-01-21,1,Food,{'x' * 256}", "Ensure this field has no more than 255 characters.", "description"),
        ("2026-01-21,1,Food,a\x00b", "The character U+0000 is not allowed.", "description"),
        ("2026-01-21,1,Food,a\u202eb", "The character U+202E is not allowed.", "description"),
    ],
)
def test_one_row_that_is_not_valid_stops_all_unless_the_others_are_asked_for(
    alice: APIClient, line: str, reason: str, member: str
) -> None:
    content = f"{HEADER}{LUNCH}{line}\n{COFFEE}"
    last = 4 + line.count("\n")
    rows = (2, "created"), (3, "invalid", reason, f"#/1/{member}"), (last, "created")

    assert_refused(send(alice, content), 400, {"detail": NOTHING_IMPORTED} | report(*rows))
    assert alice.get("/api/expenses/changes", {"since": 0}).json()["revision"] == 0

    assert_done(send(alice, content, partial="true"), *rows)
    assert stored(alice) == [LUNCH_STORED, COFFEE_STORED]


@pytest.mark.parametrize("digits", [5_000, 131_000])
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


def test_what_another_person_has_or_what_is_deleted_is_imported(alice: APIClient, bob: APIClient) -> None:
    send(bob, HEADER + LUNCH)
    assert_done(send(alice, HEADER + LUNCH), (2, "created"))
    [expense] = alice.get("/api/expenses").json()
    alice.delete(f"/api/expenses/{expense['id']}")

    assert_done(send(alice, HEADER + LUNCH), (2, "created"))

    assert stored(alice) == [LUNCH_STORED]
    assert len(alice.get("/api/expenses", {"deleted": "true"}).json()) == 1


def test_a_dry_run_reports_the_same_and_writes_nothing(alice: APIClient) -> None:
    send(alice, HEADER + LUNCH)
    content, before = f"{HEADER}{LUNCH}{COFFEE}x,1,Food,\n", alice.get("/api/expenses/changes", {"since": 0}).json()
    rows = (2, "duplicate"), (3, "created"), (4, "invalid", NO_DAY, "#/2/date")

    assert_done(send(alice, content, dry_run="true", partial="true"), *rows)
    assert_refused(send(alice, content, dry_run="true"), 400, {"detail": NOTHING_IMPORTED} | report(*rows))

    assert alice.get("/api/expenses/changes", {"since": 0}).json() == before


# --- What is refused ------------------------------------------------------------------------------------------------
def test_a_file_of_too_many_rows_is_refused(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert imports.MAX_ROWS == 50_000
    monkeypatch.setattr(imports, "MAX_ROWS", 2)

    assert_refused(send(alice, HEADER + LUNCH * 3), 413, {"detail": "The file has more than 2 rows."})
    assert_refused(send(alice, "[7, 7, 7]", partial="true"), 413, {"detail": "The file has more than 2 rows."})
    assert stored(alice) == []
    assert_done(send(alice, f"{HEADER}\n{LUNCH}\n{LUNCH}\n"), (3, "created"), (5, "created"))


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES, 200), (MAX_BYTES + 1, 413), (MAX_BYTES + 100_000, 413)])
def test_a_file_of_more_than_10_mb_is_refused(alice: APIClient, size: int, status: int) -> None:
    response = send(alice, b"[" + b" " * (size - 2) + b"]")

    assert response.status_code == status
    assert response.json() == (report() if status == 200 else {"detail": f"The file is larger than {MAX_BYTES} bytes."})


@pytest.mark.parametrize("media_type", ["application/json", "text/csv", "application/x-www-form-urlencoded"])
def test_other_media_types_are_refused(alice: APIClient, media_type: str) -> None:
    response = alice.generic("POST", PATH, HEADER + LUNCH, content_type=media_type)

    assert_refused(response, 415, {"detail": f'Unsupported media type "{media_type}" in request.'})


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


KNOWN = "dry_run, partial, decimal, date_format"
DATE_FORMAT = "Put YYYY, MM and DD together with - . / or a space between them."


@pytest.mark.parametrize(
    ("query", "parameter", "code", "message"),
    [
        ("dry_run=1", "dry_run", "invalid_choice", "Choose one of: true, false."),
        ("partial=True", "partial", "invalid_choice", "Choose one of: true, false."),
        ("decimal=;", "decimal", "invalid_choice", "Choose one of: ., ,."),
        *(
            (urlencode({"date_format": value}), "date_format", "invalid", DATE_FORMAT)
            for value in (
                "YYYY-MM",
                "YYYYMMDD",
                "DD.MM.YY",
                "dd.mm.yyyy",
                "DD.MM.YYYY ",
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
            "errors": [{"detail": message, "code": code, "parameter": parameter}],
        },
    )
    assert stored(alice) == []


def test_a_token_that_can_only_read_imports_nothing(alice: APIClient, api: APIClient) -> None:
    script = {"name": "Script", "expires_in_days": 1, "scope": "read"}
    token = alice.post("/api/sessions", script).json()["access_token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    assert_refused(send(api, HEADER + LUNCH, dry_run="true"), 403, {"detail": "This token can only read."})


@pytest.mark.parametrize("rows", [1, 300])
@pytest.mark.parametrize("name", ["csv", "json"])
def test_an_import_needs_as_many_statements_for_many_rows_as_for_one(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], name: str, rows: int
) -> None:
    alice.post("/api/expenses", {"amount": 1, "category": "Food"})
    item = {"amount": 1, "category": "Food", "date": "2026-01-21"}
    content = json.dumps([item] * rows) if name == "json" else HEADER + LUNCH * rows

    # authentication, savepoint (the test's transaction is around it), lock of the ledger, what is there; savepoint,
    # numbers, insert, release; release
    with django_assert_num_queries(9):
        assert send(alice, content).json()["created"] == rows
