"""What all users together have spent, added up by day and category."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Q, Sum, Window

from expense_tracker.db.fields import CodePointCharField
from expenses.models.expense import MAX_CATEGORY_LENGTH

# A statement of more rows than this is slower for each of them.
BATCH = 2000
MERGED_AT_ONCE = 50_000


class SpendingTotalQuerySet(models.QuerySet["SpendingTotal"]):
    def by(self, column: str) -> models.QuerySet["SpendingTotal", dict[str, Any]]:
        """Return a row for each value of the column: `count`, and `total` in cents."""
        groups: models.QuerySet[SpendingTotal, dict[str, Any]] = self.order_by().values(column)
        return groups.annotate(count=Sum("count"), total=Sum("total")).filter(count__gt=0)

    def merge(self, *, days_since: date) -> int:
        """Make one row of all that have the same day and category, and take the days of a month together that is over
        before the month of `days_since`. Return how many rows fewer there are. What comes meanwhile stays for later."""
        fewer = 0
        while True:
            with transaction.atomic():
                read, left = self.merge_some(days_since)
            fewer += read - left
            if not read:
                return fewer

    def merge_some(self, days_since: date) -> tuple[int, int]:
        """Merge MERGED_AT_ONCE rows, and return how many were read and how many are left of them."""
        first = days_since.replace(day=1)
        rows = self.annotate(alike=Window(Count("pk"), partition_by=["date", "category"]))
        mergeable = rows.filter(Q(alike__gt=1) | Q(Q(date__lt=first), ~Q(date__day=1)))
        sql, parameters = mergeable.order_by("date", "category").values("pk")[:MERGED_AT_ONCE].query.sql_with_params()
        # The ORM's own statement, in which values are place-holders. To read first and delete then would lose what is
        # committed in between.
        delete = f"DELETE FROM expenses_spendingtotal WHERE id IN ({sql}) RETURNING *"  # noqa: S608  # nosec B608
        deleted = list(self.raw(delete, parameters))
        sums: dict[tuple[date, str], SpendingTotal] = {}
        for row in deleted:
            day = row.date.replace(day=1) if row.date < first else row.date
            merged = sums.setdefault((day, row.category), SpendingTotal(date=day, category=row.category))
            merged.count += row.count
            merged.total += row.total
        left = [merged for merged in sums.values() if merged.count or merged.total]
        SpendingTotal.objects.bulk_create(left, batch_size=BATCH)
        return len(deleted), len(left)


class SpendingTotal(models.Model):
    """A part of the sums of a day and a category: they are the sums of all its rows.

    Triggers of expenses' table add a row for each change of a live expense, in the transaction of the change. Nobody
    waits for anybody, and no writer has to think of it. `manage.py prune` merges the rows."""

    date = models.DateField(help_text="Of a month that is over: its first day.")
    category = CodePointCharField(max_length=MAX_CATEGORY_LENGTH)
    count = models.IntegerField(default=0, help_text="Below 0 where expenses left.")
    total = models.BigIntegerField(default=0, help_text="In cents; below 0 where expenses left.")

    objects = SpendingTotalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.date} {self.category}: {self.count}, {self.total}"
