"""Calls of the API that many tests begin with. But for `restore`, each asserts success and returns the body."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from rest_framework.test import APIClient

from expenses.models import Expense

EXPENSES = "/api/expenses"
BUDGETS = "/api/budgets"


def spend(client: APIClient, **values: Any) -> dict[str, Any]:
    """Create an expense: a cent for food on 2026-01-21, but for the values given."""
    response = client.post(EXPENSES, {"amount": 1, "category": "Food", "date": "2026-01-21"} | values)
    assert response.status_code == 201, response.content
    expense: dict[str, Any] = response.json()
    return expense


def discard(client: APIClient, **values: Any) -> dict[str, Any]:
    """Create an expense, delete it, and return it as it was before."""
    expense = spend(client, **values)
    assert client.delete(f"{EXPENSES}/{expense['id']}").status_code == 200
    return expense


def restore(client: APIClient, expense: dict[str, Any]) -> Any:
    """Ask for an expense to be restored, and return the response."""
    return client.post(f"{EXPENSES}/{expense['id']}/restore")


def expire(*expenses: dict[str, Any]) -> None:
    """Make deleted expenses look as if they had been deleted thirty days ago."""
    ids = [expense["id"] for expense in expenses]
    Expense.objects.filter(pk__in=ids).update(deleted_at=timezone.now() - timedelta(days=30))


def listed(client: APIClient, *parameters: tuple[str, Any]) -> list[dict[str, Any]]:
    """Return the expenses that the list shows, its first page."""
    response = client.get(f"{EXPENSES}?{urlencode(parameters)}")
    assert response.status_code == 200, response.content
    expenses: list[dict[str, Any]] = response.json()
    return expenses


def set_budget(client: APIClient, category: str | None, amount: int) -> dict[str, Any]:
    """Set the budget of a category, or of all with None, in cents a month."""
    response = client.put(BUDGETS, {"category": category, "amount": amount})
    assert response.status_code in {200, 201}, response.content
    budget: dict[str, Any] = response.json()
    return budget
