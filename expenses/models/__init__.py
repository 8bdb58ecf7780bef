"""Expenses, budgets, and records of idempotent requests."""

from expenses.models.budget import Budget
from expenses.models.expense import Expense, ExpenseQuerySet
from expenses.models.idempotency_record import IdempotencyRecord
from expenses.models.spending_total import SpendingTotal

__all__ = ["Budget", "Expense", "ExpenseQuerySet", "IdempotencyRecord", "SpendingTotal"]
