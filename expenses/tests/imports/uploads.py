"""Uploads to POST /api/expenses/import, and assertions about their reports."""

from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

PATH = "/api/expenses/import"
HEADER = "date,amount,category,description\n"
LUNCH = "2026-01-21,25.00,Food,Lunch\n"
COFFEE = "2026-01-21,3.50,Coffee,\n"
LUNCH_STORED = ("2026-01-21", 2500, "Food", "Lunch")
COFFEE_STORED = ("2026-01-21", 350, "Coffee", None)
NOTHING_IMPORTED = "Some rows are not valid, and nothing was imported. Send partial=true to import the others."


def send(client: APIClient, content: str | bytes, **options: str) -> Any:
    file = SimpleUploadedFile("expenses", content.encode() if isinstance(content, str) else content)
    return client.post(f"{PATH}?{urlencode(options)}", {"file": file}, format="multipart")


def stored(client: APIClient) -> list[tuple[Any, ...]]:
    """Return the expenses of the account as tuples, in the order of creation."""
    names = ("date", "amount", "category", "description")
    expenses = client.get("/api/expenses", {"ordering": "created_at"}).json()
    return [tuple(expense[name] for name in names) for expense in expenses]


Row = tuple[int, str] | tuple[int, str, str | None, str | None]


def report(*rows: Row) -> dict[str, Any]:
    """Return the expected report of rows given as line and status, with reason and pointer where there are any."""
    statuses = [row[1] for row in rows]
    return {
        **{status: statuses.count(status) for status in ("created", "duplicate", "skipped", "invalid")},
        "rows": [dict(zip(("line", "status", "reason", "pointer"), (*row, None, None), strict=False)) for row in rows],
    }


def outcome(body: dict[str, Any]) -> dict[str, Any]:
    """Return the report without `read_as` and the values of the rows."""
    names = ("line", "status", "reason", "pointer")
    counts = {status: body[status] for status in ("created", "duplicate", "skipped", "invalid")}
    return {**counts, "rows": [{name: row[name] for name in names} for row in body["rows"]]}


def assert_imported(response: Any, *rows: Row) -> None:
    assert response.status_code == 200, response.json()
    assert outcome(response.json()) == report(*rows)


def assert_invalid(response: Any, *rows: Row) -> None:
    assert response.status_code == 400
    assert response.json()["detail"] == NOTHING_IMPORTED
    assert outcome(response.json()) == report(*rows)


def assert_asked(response: Any, parameter: str, message: str, code: str = "undecided") -> None:
    """Assert that the file is ambiguous and that the response names the parameter that decides."""
    errors = [{"detail": message, "code": code, "parameter": parameter}]
    assert_refused(response, 400, {"detail": f"{parameter}: {message}", "code": "undecided", "errors": errors})


def assert_refused(response: Any, status: int, body: dict[str, Any]) -> None:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == body


def invalid_day(text: str) -> str:
    return f'"{text}" is no day in the format YYYY-MM-DD between 1970 and 9998.'
