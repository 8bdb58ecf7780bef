"""Expenses."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.db import connection, models, transaction
from django.db.models import Count, F, Max, Min, Q, Sum, Window
from django.db.models.functions import Coalesce, Length, RowNumber, Trim
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.models import User
from expense_tracker.dates import FIRST_DAY, LAST_DAY, today
from expense_tracker.db.compiled_queries import CompiledQuerySet
from expense_tracker.db.fields import CodePointCharField, DerivedCharField
from expense_tracker.text import fold
from expenses.money import MAX_AMOUNT, format_cents

MAX_CATEGORY_LENGTH = 40
MAX_DESCRIPTION_LENGTH = 255
MAX_EXTERNAL_ID_LENGTH = 64
# Between what is searched; no text can hold it, so nothing is found across it.
SEPARATOR = "\x1f"


def search_prefix(category: str) -> str:
    """Return the part of an expense's search text that its category makes."""
    return fold(category) + SEPARATOR


class ExpenseQuerySet(CompiledQuerySet):
    def owned_by(self, user: User) -> Self:
        return self.filter(owner_id=user.pk)

    def live(self) -> Self:
        """Return those that are not deleted."""
        return self.filter(deleted_at=None)

    def in_trash(self) -> Self:
        """Return those that are deleted and can be restored."""
        return self.filter(deleted_at__isnull=False, amount__gt=0)

    def with_content(self) -> Self:
        """Return those that have not been purged, deleted or not."""
        return self.filter(amount__gt=0)

    def changed_since(self, revision: int) -> Self:
        """Return all that changed after the revision, deleted ones too, in the order of changes."""
        return self.filter(revision__gt=revision).order_by("revision")

    def containing(self, text: str) -> Self:
        """Return those with every word of the text somewhere in category or description, without regard to case and
        accents."""
        found = self
        for word in dict.fromkeys(fold(text).split()):
            found = found.filter(search_text__containing=word)
        return found

    def purge(self) -> int:
        """Forget for good what deleted expenses were, and return how many.

        Their rows keep id, owner, revision and the time of the deletion, so that a device that was away for years
        still learns of it."""
        in_trash = self.in_trash()
        with transaction.atomic():
            # It locks no revision counter, so it waits for no row that somebody else has locked: they may wait for one
            # that it has locked before. What it passes over is purged the next time.
            free = in_trash.select_for_update(skip_locked=True).values("pk")
            return in_trash.filter(pk__in=free).update(
                **Expense.PURGED, created_at=F("deleted_at"), updated_at=F("deleted_at")
            )

    def bulk_save(self, expenses: Iterable["Expense"]) -> None:
        """Write expenses that have an id already, all in one statement."""
        columns = [*Expense.CONTENT_FIELDS, "updated_at", "deleted_at", "revision", "search_text"]
        Expense.objects.bulk_create(expenses, update_conflicts=True, unique_fields=["id"], update_fields=columns)

    def assign_revisions(self, revisions: range) -> None:
        """Assign consecutive revisions to the rows, ordered by id, in one UPDATE."""
        places = self.order_by().annotate(place=Window(RowNumber(), order_by="id")).values("id", "place")
        sql, parameters = places.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                # The ORM's own statement, in which values are place-holders.
                f"UPDATE expenses_expense SET revision = %s + place FROM ({sql}) AS numbered"  # noqa: S608  # nosec B608
                " WHERE expenses_expense.id = numbered.id",
                [revisions.start - 1, *parameters],
            )

    def totals_by(self, *columns: str) -> models.QuerySet["Expense", dict[str, Any]]:
        """Return a row for each combination of the columns: `count`, and `total`, `min` and `max` in cents."""
        sums = {"count": Count("pk"), "total": Sum("amount"), "min": Min("amount"), "max": Max("amount")}
        totals: models.QuerySet[Expense, dict[str, Any]] = self.order_by().values(*columns).annotate(**sums)
        return totals

    def spent_by_category(self, today: date) -> dict[str, tuple[int, int]]:
        """Return for each category the cents spent until `today` and those dated later."""
        until = Coalesce(Sum("amount", filter=Q(date__lte=today)), 0)
        later = Coalesce(Sum("amount", filter=Q(date__gt=today)), 0)
        rows = self.order_by().values("category").annotate(until=until, later=later)
        return {row["category"]: (int(row["until"]), int(row["later"])) for row in rows}

    def categories(self) -> list[dict[str, Any]]:
        """Return each category with count, total in cents, first and last day, the most used first, and the names of
        `similar` ones: they differ from it in case and accents only."""
        sums = {"count": Count("pk"), "total": Sum("amount"), "first_date": Min("date"), "last_date": Max("date")}
        rows = list(self.values(name=F("category")).annotate(**sums).order_by("-count", "name"))
        spellings: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            spellings[fold(row["name"])].append(row["name"])
        for row in rows:
            row["total"] = int(row["total"])
            row["similar"] = [name for name in spellings[fold(row["name"])] if name != row["name"]]
        return rows


class Expense(models.Model):
    """One expense. A deleted one keeps its row, with the revision of its deletion: other devices learn of it."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="expenses", db_index=False)
    amount = models.BigIntegerField(help_text="In cents.")
    category = CodePointCharField(max_length=MAX_CATEGORY_LENGTH)
    # Null is what the API answers.
    description = models.CharField(max_length=MAX_DESCRIPTION_LENGTH, null=True, blank=True)  # noqa: DJ001
    date = models.DateField(default=today, help_text="The day of the spending.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    revision = models.BigIntegerField(editable=False, help_text="The number of the last change of this expense.")
    external_id = models.CharField(  # noqa: DJ001  # null is what the API answers
        max_length=MAX_EXTERNAL_ID_LENGTH, null=True, editable=False, help_text="The client's own id of the creation."
    )
    search_text = DerivedCharField(
        # Folding makes of one character at most three.
        max_length=3 * (MAX_CATEGORY_LENGTH + MAX_DESCRIPTION_LENGTH) + len(SEPARATOR),
        derive=lambda expense: search_prefix(expense.category) + fold(expense.description or ""),
    )

    # What people write. The API's PUT, bulk, export and import, the admin and `purge` go by this list.
    CONTENT_FIELDS = ("date", "amount", "category", "description")
    # What is left of a deleted expense that was purged: a value for each content field, and for what derives from them.
    PURGED: ClassVar[dict[str, Any]] = {
        "date": FIRST_DAY,
        "amount": 0,
        "category": "",
        "description": None,
        "external_id": None,
        "search_text": "",
    }

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        permissions = [
            ("export_expense", "Can export expenses"),
            ("import_expense", "Can import expenses"),
            ("restore_expense", "Can restore expenses"),
        ]
        constraints = [
            # No amount and no category: the content of a deleted expense that has been purged.
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MAX_AMOUNT) | Q(amount=0, deleted_at__isnull=False),
                name="expenses_expense_amount_in_range",
            ),
            models.CheckConstraint(
                condition=Q(GreaterThan(Length(Trim("category")), 0)) | Q(amount=0, category=""),
                name="expenses_expense_category_not_blank",
            ),
            models.CheckConstraint(
                condition=Q(date__range=(FIRST_DAY, LAST_DAY)), name="expenses_expense_date_in_range"
            ),
            # Serves the changes since a revision, and makes sure that no two changes share one.
            models.UniqueConstraint(fields=["owner", "revision"], name="expenses_expense_owner_revision_unique"),
            models.UniqueConstraint(
                fields=["owner", "external_id"],
                condition=Q(external_id__isnull=False),
                name="expenses_expense_owner_external_id_unique",
            ),
        ]
        indexes = [
            # The included columns let PostgreSQL add up without reading the rows themselves.
            models.Index(
                fields=["owner", "-date", "-id"],
                include=["category", "amount"],
                condition=Q(deleted_at=None),
                name="expenses_owner_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.category} {format_cents(self.amount)}"

    @property
    def content(self) -> tuple[Any, ...]:
        """The values by which an import recognises a duplicate."""
        return tuple(getattr(self, name) for name in self.CONTENT_FIELDS)
