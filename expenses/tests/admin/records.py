"""Expenses and budgets, created without the API."""

from datetime import date
from typing import Any

from accounts.models import RevisionCounter, User
from expenses import actions
from expenses.models import Budget, Expense


def spend(owner: User, **values: Any) -> Expense:
    """Create an expense: 12.34 for lunch on 2026-01-21, but for the values given."""
    defaults: dict[str, Any] = {"amount": 1234, "category": "Food", "description": "Lunch", "date": date(2026, 1, 21)}
    expense, _ = actions.create_expense(owner=owner, **defaults | values)
    return expense


def discard(owner: User, **values: Any) -> Expense:
    """Create an expense and delete it."""
    expense = spend(owner, **values)
    actions.delete_expense(owner=owner, expense_id=expense.pk)
    return expense


def set_budget(owner: User, category: str | None = "Food", amount: int = 1234) -> Budget:
    """Set the budget of a category, or of all with None, in cents a month."""
    budget, _ = actions.set_budget(owner=owner, category=category, amount=amount)
    return budget


def revision(owner: User) -> int:
    """Return the revision of the owner's data."""
    return RevisionCounter.objects.get(user=owner).revision
