"""POST /api/expenses/import: what is created, what the report says, and rows that are not valid"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.tests.imports.uploads import (
    COFFEE,
    COFFEE_STORED,
    HEADER,
    LUNCH,
    LUNCH_STORED,
    assert_imported,
    assert_invalid,
    assert_refused,
    invalid_day,
    send,
    stored,
)


def test_import_creates_rows_in_order_and_reports_each(alice: APIClient, bob: APIClient) -> None:
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


def test_only_created_rows_allocate_a_revision(alice: APIClient) -> None:
    first = alice.post("/api/expenses", {"amount": 350, "category": "Coffee", "date": "2026-01-21"}).json()["revision"]

    send(alice, f"{HEADER}{LUNCH}{COFFEE}{LUNCH}x,1,Food,\n", partial="true")
    after = alice.get("/api/expenses/changes", {"since": first}).json()

    assert [expense["revision"] for expense in after["changed"]] == [first + 1, first + 2]
    assert after["revision"] == first + 2


OUT_OF_RANGE = "An amount must be between 0.01 and 9999999999.99."


def no_amount(text: str) -> str:
    return f'"{text}" is no amount: write it as 1250.00.'


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
            (f"{day},1.00,Food,", invalid_day(day), "/date")
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
def test_invalid_row_stops_the_import_unless_partial_is_sent(
    alice: APIClient, line: str, reason: str, member: str
) -> None:
    content = f"{HEADER}{LUNCH}{line}\n{COFFEE}"
    last = 4 + line.count("\n")
    rows = (2, "created"), (3, "invalid", reason, f"#/1{member}"), (last, "created")

    assert_invalid(send(alice, content), *rows)
    assert alice.get("/api/expenses/changes", {"since": 0}).json()["revision"] == 0

    assert_imported(send(alice, content, partial="true"), *rows)
    assert stored(alice) == [LUNCH_STORED, COFFEE_STORED]


@pytest.mark.parametrize("digits", [50, 5_000, 60_000])
def test_amount_of_any_length_is_an_invalid_row(alice: APIClient, digits: int) -> None:
    response = send(alice, f"{HEADER}2026-01-21,{'9' * digits},Food,\n")

    assert response.status_code == 400
    assert response.json()["invalid"] == 1
    assert response.json()["rows"][0]["pointer"] == "#/0/amount"


def test_dry_run_reports_the_same_and_writes_nothing(alice: APIClient) -> None:
    send(alice, HEADER + LUNCH)
    content, before = f"{HEADER}{LUNCH}{COFFEE}x,1,Food,\n", alice.get("/api/expenses/changes", {"since": 0}).json()
    rows = (2, "duplicate"), (3, "created"), (4, "invalid", invalid_day("x"), "#/2/date")

    assert_imported(send(alice, content, dry_run="true", partial="true"), *rows)
    assert_invalid(send(alice, content, dry_run="true"), *rows)

    assert alice.get("/api/expenses/changes", {"since": 0}).json() == before


def test_read_only_token_is_refused(alice: APIClient, api: APIClient) -> None:
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
def test_import_runs_the_same_statements_for_any_number_of_rows(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], name: str, rows: int
) -> None:
    alice.post("/api/expenses", {"amount": 1, "category": "Food"})
    item = {"amount": 1, "category": "Food", "date": "2026-01-21"}
    content = json.dumps([item] * rows) if name == "json" else HEADER + LUNCH * rows

    # authentication, savepoint (the test's transaction is around it), lock, what was imported, what is
    # there; savepoint, numbers, insert, release; release
    with django_assert_num_queries(10):
        assert send(alice, content).json()["created"] == rows
