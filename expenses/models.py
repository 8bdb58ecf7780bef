"""What was spent."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan

from accounts.models import User
from expense_tracker.dates import FIRST_DAY, LAST_DAY, today
from expense_tracker.fields import CodePointCharField, DerivedCharField
from expense_tracker.text import fold
from expenses.money import MAX_AMOUNT, format_cents

MAX_CATEGORY_LENGTH = 40
MAX_DESCRIPTION_LENGTH = 255
# Between what is searched; no text can hold it, so nothing is found across it.
SEPARATOR = "\x1f"


class ExpenseQuerySet(models.QuerySet["Expense"]):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner_id=user.pk)

    def live(self) -> Self:
        """Those that are not deleted."""
        return self.filter(deleted_at=None)

    def rows(self) -> "models.QuerySet[Expense, dict[str, Any]]":
        """Dictionaries as the API answers them: a list costs a third of what model instances cost."""
        return self.values(*Expense.PUBLIC_FIELDS)

    def containing(self, text: str) -> Self:
        """Those with `text` in category or description, without regard to case in any script."""
        return self.filter(search_text__contains=fold(text))


class Expense(models.Model):
    """One expense. A deleted one keeps its row, with the number of its deletion, so that other devices learn of it."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="expenses", db_index=False)
    amount = models.BigIntegerField(help_text="In cents.")
    category = CodePointCharField(max_length=MAX_CATEGORY_LENGTH)
    description = models.CharField(max_length=MAX_DESCRIPTION_LENGTH, null=True, blank=True)  # noqa: DJ001  # null is what the API answers
    date = models.DateField(default=today, help_text="The day of the spending.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    revision = models.BigIntegerField(editable=False, help_text="The number of the last change of this expense.")
    search_text = DerivedCharField(
        # Folding makes of one character at most three.
        max_length=3 * (MAX_CATEGORY_LENGTH + MAX_DESCRIPTION_LENGTH) + len(SEPARATOR),
        derive=lambda expense: fold(f"{expense.category}{SEPARATOR}{expense.description or ''}"),
    )

    PUBLIC_FIELDS = (
        "id",
        "amount",
        "category",
        "description",
        "date",
        "created_at",
        "updated_at",
        "owner_id",
        "revision",
    )

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT), name="expenses_expense_amount_in_range"
            ),
            models.CheckConstraint(
                condition=GreaterThan(Length(Trim("category")), 0), name="expenses_expense_category_not_blank"
            ),
            models.CheckConstraint(
                condition=Q(date__range=(FIRST_DAY, LAST_DAY)), name="expenses_expense_date_in_range"
            ),
            # Serves the changes since a number, and makes sure that no two changes share one.
            models.UniqueConstraint(fields=["owner", "revision"], name="expenses_expense_owner_revision_unique"),
        ]
        indexes = [
            models.Index(
                "owner",
                models.F("date").desc(),
                models.F("id").desc(),
                name="expenses_owner_date",
                condition=Q(deleted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.category} {format_cents(self.amount)}"

    def as_row(self) -> dict[str, Any]:
        """The expense as `ExpenseQuerySet.rows` reads it."""
        return {name: getattr(self, name) for name in self.PUBLIC_FIELDS}
