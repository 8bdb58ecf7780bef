"""Expenses and budgets, for staff. Every change here allocates revisions of the owner, as it does in the
API."""

from expenses.admin.budget import BudgetAdmin
from expenses.admin.expense import ExpenseAdmin

__all__ = ["BudgetAdmin", "ExpenseAdmin"]
