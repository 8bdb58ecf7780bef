"""POST /api/expenses/import: JSON files"""

import pytest
from rest_framework.test import APIClient

from expense_tracker.dates import today
from expenses.tests.imports.uploads import LUNCH_STORED, assert_imported, assert_refused, send, stored


def test_json_export_is_imported_as_it_is(alice: APIClient, bob: APIClient) -> None:
    alice.post("/api/expenses", {"amount": 2500, "category": "Food", "description": "'=Lunch", "date": "2026-01-21"})
    export = alice.get("/api/expenses/export", {"format": "json"}).getvalue()

    assert_imported(send(bob, export, decimal=",", date_format="DD.MM.YYYY"), (1, "created"))

    assert stored(bob) == [("2026-01-21", 2500, "Food", "'=Lunch")]


def test_missing_date_in_json_is_today(alice: APIClient) -> None:
    assert_imported(send(alice, '[{"amount": 350, "category": " Coffee "}]'), (1, "created"))
    assert stored(alice) == [(today().isoformat(), 350, "Coffee", None)]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ('[{"amount": 1,', "The file is not valid JSON: unexpected end of data: line 1 column 15 (char 14)"),
        ("[NaN]", "The file is not valid JSON: unexpected character, expected a JSON value: line 1 column 2 (char 1)"),
        ("[" * 2000, "The file is not valid JSON: depth limit exceeded: line 1 column 1026 (char 1025)"),
        ('{"amount": 1, "category": "Food"}', "The file is not a JSON array of expenses."),
    ],
)
def test_invalid_json_returns_400_and_imports_nothing(alice: APIClient, content: str, detail: str) -> None:
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
def test_invalid_item_is_reported_with_pointer(alice: APIClient, item: str, reason: str, member: str) -> None:
    content = f'[{{"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}}, {item}]'

    assert_imported(send(alice, content, partial="true"), (1, "created"), (2, "invalid", reason, f"#/1{member}"))
    assert stored(alice) == [LUNCH_STORED]
