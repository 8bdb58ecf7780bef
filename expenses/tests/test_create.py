"""POST /api/expenses, and POST /api/create, which differs from it in the status code only."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.dates import today
from expense_tracker.db.transactions import writes_in_one_statement

BOTH = pytest.mark.parametrize(("path", "status"), [("/api/expenses", 201), ("/api/create", 200)])


@BOTH
def test_create_returns_the_whole_expense(alice: APIClient, path: str, status: int) -> None:
    before = datetime.now(UTC)

    response = alice.post(
        path, {"amount": 2500, "category": "Food", "description": "Lunch with team members", "date": "2026-01-21"}
    )

    body = response.json()
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert body == {
        "id": body["id"],
        "amount": 2500,
        "category": "Food",
        "description": "Lunch with team members",
        "date": "2026-01-21",
        "created_at": body["created_at"],
        "updated_at": body["updated_at"],
        "owner_id": body["owner_id"],
        "revision": 1,
        "external_id": None,
    }
    assert body["created_at"].endswith("Z")
    assert body["updated_at"].endswith("Z")
    assert before <= datetime.fromisoformat(body["created_at"]) <= datetime.now(UTC)
    assert response["Location"] == f"/api/expenses/{body['id']}"
    assert response["ETag"] == '"1"'
    assert alice.get(response["Location"]).json() == body


@BOTH
def test_description_and_date_are_optional(alice: APIClient, path: str, status: int) -> None:
    response = alice.post(path, {"amount": 1, "category": "Food"})

    assert response.status_code == status
    assert response.json()["description"] is None
    assert response.json()["date"] == today().isoformat()


def test_each_expense_gets_the_next_revision_of_its_owner(alice: APIClient, bob: APIClient) -> None:
    def spend(client: APIClient) -> int:
        revision: int = client.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["revision"]
        return revision

    assert [spend(alice), spend(alice), spend(bob), spend(alice)] == [1, 2, 1, 3]


def test_owner_is_the_authenticated_user_not_the_one_in_the_body(alice: APIClient, bob: APIClient) -> None:
    hers = alice.post("/api/expenses", {"amount": 1, "category": "Food"}).json()

    response = bob.post("/api/expenses", hers)

    copy = response.json()
    assert response.status_code == 201
    assert (copy["amount"], copy["category"]) == (1, "Food")
    assert copy["id"] != hers["id"]
    assert copy["owner_id"] != hers["owner_id"]
    assert alice.get("/api/expenses").json() == [hers]
    assert bob.get("/api/expenses").json() == [copy]


@pytest.mark.parametrize("amount", [1, 999_999_999_999])
def test_amount_is_stored_to_the_cent(alice: APIClient, amount: int) -> None:
    assert alice.post("/api/expenses", {"amount": amount, "category": "Food"}).json()["amount"] == amount


@pytest.mark.parametrize("day", ["1970-01-01", "2024-02-29", "9998-12-31"])
def test_any_calendar_day_is_accepted(alice: APIClient, day: str) -> None:
    assert alice.post("/api/expenses", {"amount": 1, "category": "Food", "date": day}).json()["date"] == day


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"category": "  Food "}, {"category": "Food"}),
        ({"category": "Cafe\u0301"}, {"category": "Caf\u00e9"}),
        ({"category": "\ufeffEating\u00a0out\t"}, {"category": "Eating out"}),
        ({"category": "दर्\u200dया\u200d"}, {"category": "दर्\u200dया"}),
        ({"description": "com\u00adpost\theap"}, {"description": "compost heap"}),
        ({"category": "é" * 40}, {"category": "é" * 40}),
        ({"category": "e\u0301" * 40}, {"category": "é" * 40}),
        ({"category": "👩‍🚀"}, {"category": "👩‍🚀"}),
        ({"description": " two\r\nlines "}, {"description": "two\nlines"}),
        ({"description": "x" * 255}, {"description": "x" * 255}),
        ({"description": None}, {"description": None}),
    ],
)
def test_text_is_stored_trimmed_and_in_nfc(alice: APIClient, sent: dict[str, Any], stored: dict[str, Any]) -> None:
    body = alice.post("/api/expenses", {"amount": 1, "category": "Food", **sent}).json()

    assert {name: body[name] for name in stored} == stored


REQUIRED = ("required", "This field is required.")
NULL = ("null", "This field may not be null.")
INTEGER = ("invalid", "Enter an integer of cents: 1250 for 12.50.")
STRING = ("invalid", "Not a valid string.")
DAY = ("invalid", "Enter a day as YYYY-MM-DD.")
RANGE = ("invalid", "The day must be between 1970-01-01 and 9998-12-31.")


@pytest.mark.parametrize(
    ("member", "value", "code", "message"),
    [
        ("amount", ..., *REQUIRED),
        ("amount", None, *NULL),
        ("amount", 0, "min_value", "Ensure this value is greater than or equal to 1."),
        ("amount", -1, "min_value", "Ensure this value is greater than or equal to 1."),
        ("amount", 10**12, "max_value", "Ensure this value is less than or equal to 999999999999."),
        ("amount", 12.5, *INTEGER),
        ("amount", "2500", *INTEGER),
        ("amount", True, *INTEGER),
        ("amount", [1], *INTEGER),
        ("category", ..., *REQUIRED),
        ("category", None, *NULL),
        ("category", "", "blank", "This field may not be blank."),
        ("category", " \u3000\n", "blank", "This field may not be blank."),
        ("category", "x" * 41, "max_length", "Ensure this field has no more than 40 characters."),
        ("category", "two\nlines", "invalid", "This must be one line."),
        ("category", "a\u202eb", "invalid", "The character U+202E is not allowed."),
        ("category", 1, *STRING),
        ("category", True, *STRING),
        ("category", ["Food"], *STRING),
        ("description", "x" * 256, "max_length", "Ensure this field has no more than 255 characters."),
        ("description", "a\u2066b", "invalid", "The character U+2066 is not allowed."),
        ("description", "a\x00b", "invalid", "The character U+0000 is not allowed."),
        ("description", 1, *STRING),
        ("date", None, *NULL),
        ("date", "2026-1-1", *DAY),
        ("date", "20260101", *DAY),
        ("date", "2026-W01-1", *DAY),
        ("date", "2026-01-01T00:00:00Z", *DAY),
        ("date", "٢٠٢٦-01-01", *DAY),
        ("date", "2026-01-01\n", *DAY),
        ("date", "", *DAY),
        ("date", 20260101, *DAY),
        ("date", "2026-02-29", "invalid", "There is no such day."),
        ("date", "1969-12-31", *RANGE),
        ("date", "9999-01-01", *RANGE),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    alice: APIClient, member: str, value: Any, code: str, message: str
) -> None:
    sent = {"amount": 1, "category": "Food", member: value}
    if value is ...:
        del sent[member]

    response = alice.post("/api/expenses", sent)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }
    assert alice.get("/api/expenses").json() == []


def test_unknown_field_returns_400_with_the_allowed_fields(alice: APIClient) -> None:
    response = alice.post("/api/expenses", {"amount": 1, "category": "Food", "colour": "red"})

    message = "Unknown field. Allowed fields: amount, category, description, date, external_id."
    assert response.status_code == 400
    assert response.json() == {
        "detail": f"colour: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": "unknown", "pointer": "#/colour"}],
    }


def test_create_allows_only_post(alice: APIClient) -> None:
    response = alice.get("/api/create")

    assert response.status_code == 405
    assert response.json() == {"detail": 'Method "GET" not allowed.', "code": "method_not_allowed"}
    assert response["Allow"] == "POST, OPTIONS"


@BOTH
def test_create_runs_one_statement_on_postgresql(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], path: str, status: int
) -> None:
    alice.post(path, {"amount": 1, "category": "Food"})

    # authentication, and the insert that takes a number; or savepoint (the test's transaction is around it), number,
    # insert, release
    with django_assert_num_queries(2 if writes_in_one_statement() else 5):
        assert alice.post(path, {"amount": 1, "category": "Food"}).status_code == status
