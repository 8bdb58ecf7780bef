"""Expenses and budgets, for staff. Everything that is changed here takes numbers from the ledgers, as it does in the
API."""

from expenses.admin.budget import BudgetAdmin
from expenses.admin.expense import ExpenseAdmin

__all__ = ["BudgetAdmin", "ExpenseAdmin"]
