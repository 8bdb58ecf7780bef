"""What was spent, and what is meant to be spent."""

from expenses.models.budgets import Budget
from expenses.models.expenses import Expense, ExpenseQuerySet

__all__ = ["Budget", "Expense", "ExpenseQuerySet"]
