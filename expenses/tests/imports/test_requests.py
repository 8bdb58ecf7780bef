"""POST /api/expenses/import: requests that are refused as a whole"""

import json
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from expenses.imports import own_json, reading
from expenses.tests.imports.uploads import HEADER, LUNCH, PATH, assert_imported, assert_refused, send, stored

MAX_BYTES = 10 * 1024 * 1024


def test_too_many_rows_return_413(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert_imported(send(alice, f"{HEADER}\n{LUNCH}\n{LUNCH}\n"), (3, "created"), (5, "created"))


@pytest.mark.parametrize(("size", "status"), [(MAX_BYTES, 200), (MAX_BYTES + 1, 413), (MAX_BYTES + 100_000, 413)])
def test_file_over_10_mb_returns_413(alice: APIClient, size: int, status: int) -> None:
    response = send(alice, b"[" + b" " * (size - 2) + b"]")

    assert response.status_code == status
    if status == 200:
        assert_imported(response)
    else:
        assert response.json() == {"detail": f"The file is larger than {MAX_BYTES} bytes.", "code": "content_too_large"}


@pytest.mark.parametrize("piece", ['{"":0},', "[],", "0,", '"",'])
def test_json_rows_are_counted_before_parsing(alice: APIClient, monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    monkeypatch.setattr("expenses.imports.own_json.orjson.loads", None)

    response = send(alice, f"[{piece * 1_300_000}0]")

    assert_refused(response, 413, {"detail": "The file has more than 50000 rows.", "code": "content_too_large"})


def test_braces_in_json_strings_are_not_counted_as_rows(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_json, "MAX_ROWS", 2)
    content = json.dumps([{"amount": 1, "category": '{[,"\\', "date": "2026-01-21"}])

    assert_imported(send(alice, content), (1, "created"))


@pytest.mark.parametrize("media_type", ["application/json", "text/csv", "application/x-www-form-urlencoded"])
def test_other_media_types_return_415(alice: APIClient, media_type: str) -> None:
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
def test_missing_file_part_returns_400_with_pointer(alice: APIClient, body: str) -> None:
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
def test_malformed_multipart_is_refused(alice: APIClient, body: str, content_type: str) -> None:
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
def test_invalid_parameter_returns_400_with_its_name(
    alice: APIClient, query: str, parameter: str, code: str, message: str
) -> None:
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
