"""What was spent, and what is meant to be spent."""

from expenses.models.budgets import Budget
from expenses.models.expenses import Expense, ExpenseQuerySet
from expenses.models.idempotency import IdempotencyRecord

__all__ = ["Budget", "Expense", "ExpenseQuerySet", "IdempotencyRecord"]
