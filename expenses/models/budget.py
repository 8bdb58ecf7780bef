"""Budgets: how much is meant to be spent in a month."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan

from accounts.models import User
from expense_tracker.db.fields import CodePointCharField
from expenses.models.expense import MAX_CATEGORY_LENGTH
from expenses.money import MAX_AMOUNT, format_cents


class BudgetQuerySet(models.QuerySet["Budget"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner_id=user.pk)


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
