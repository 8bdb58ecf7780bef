"""Expenses and budgets, for staff. Everything that is changed here takes numbers from the ledgers, as it does in the
API."""

from expenses.admin.budgets import BudgetAdmin
from expenses.admin.expenses import ExpenseAdmin

__all__ = ["BudgetAdmin", "ExpenseAdmin"]
