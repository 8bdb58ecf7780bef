"""Operations of POST /api/expenses/bulk, and assertions about their refusal."""

from typing import Any

from rest_framework.test import APIClient

from expenses.tests.api import listed

EXPENSES, BULK = "/api/expenses", "/api/expenses/bulk"
FOOD = {"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}
OLDEST_FIRST = ("ordering", "created_at")


def errors(detail: str, code: str, pointers: list[str]) -> list[dict[str, str]]:
    return [{"detail": detail, "code": code, "pointer": pointer} for pointer in pointers]


def assert_refused(client: APIClient, response: Any, status: int, expenses: list[dict[str, Any]]) -> None:
    """Assert that nothing was written and no revision allocated."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert listed(client, OLDEST_FIRST) == expenses
    assert client.post(EXPENSES, FOOD).json()["revision"] == len(expenses) + 1
