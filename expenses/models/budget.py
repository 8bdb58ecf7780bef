"""Budgets: how much is meant to be spent in a month."""

from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan

from accounts.models import User
from expense_tracker.db.fields import CodePointCharField
from expenses.models.expense import MAX_CATEGORY_LENGTH, ExpenseQuerySet
from expenses.money import MAX_AMOUNT, divide_half_up, format_cents


class BudgetQuerySet(models.QuerySet["Budget"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner_id=user.pk)

    def report(self, expenses: ExpenseQuerySet, *, month: date, today: date) -> list[dict[str, Any]]:
        """Each budget with what `expenses` spent of it in the month that begins on `month`, in two statements. The
        limit of all spending comes first, then categories by code point."""
        next_month = (month + timedelta(days=31)).replace(day=1)
        spent = expenses.filter(date__gte=month, date__lt=next_month).spent_by_category(today)
        everything = (sum(until for until, _ in spent.values()), sum(later for _, later in spent.values()))
        is_current = month <= today < next_month
        days = (next_month - month).days
        rows = []
        for budget in self.order_by(F("category").asc(nulls_first=True)):
            until_today, later = everything if budget.category is None else spent.get(budget.category, (0, 0))
            total = until_today + later
            rows.append(
                budget.as_row()
                | {
                    "spent": total,
                    "remaining": budget.amount - total,
                    "percent": 100 * total // budget.amount,
                    "exceeded": total > budget.amount,
                    "projected": divide_half_up(until_today * days, today.day) + later if is_current else None,
                }
            )
        return rows


class Budget(models.Model):
    """A monthly limit for one category, or, where that is null, for all spending."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="budgets", db_index=False)
    category = CodePointCharField(max_length=MAX_CATEGORY_LENGTH, null=True, help_text="Null: all spending.")
    amount = models.BigIntegerField(help_text="In cents.")
    revision = models.BigIntegerField(editable=False, help_text="The number of the last change of this budget.")

    objects = BudgetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="expenses_budget_amount_in_range"
            ),
            models.CheckConstraint(
                condition=Q(category=None) | Q(GreaterThan(Length(Trim("category")), 0)),
                name="expenses_budget_category_not_blank",
            ),
            models.UniqueConstraint(fields=["owner", "category"], name="expenses_budget_owner_category_unique"),
            # To a unique constraint one null differs from another; SQLite knows no other way.
            models.UniqueConstraint(
                fields=["owner"], condition=Q(category=None), name="expenses_budget_owner_total_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or 'all spending'}: {format_cents(self.amount)}"

    def as_row(self) -> dict[str, Any]:
        """The budget as the API answers it."""
        return {"id": self.pk, "category": self.category, "amount": self.amount, "revision": self.revision}
