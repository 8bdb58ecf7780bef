"""Per-user revision counter: every write gets the next number."""

import time

from django.db import connection, models
from django.db.models import F, Value
from django.db.models.functions import Greatest

from accounts.exceptions import AccountErased
from accounts.models.restore_gap import RestoreGap
from accounts.models.user import User

# Both statements lock the row until the transaction ends.
ALLOCATE = (
    "INSERT INTO accounts_ledger (user_id, revision, expense_count) VALUES (%s, %s, %s)"
    " ON CONFLICT (user_id) DO UPDATE SET revision = accounts_ledger.revision + EXCLUDED.revision,"
    " expense_count = accounts_ledger.expense_count + EXCLUDED.expense_count"
    " RETURNING revision"
)
# Of a counter that is there.
ALLOCATE_NEXT = (
    "UPDATE accounts_ledger SET revision = revision + 1, expense_count = expense_count + %s WHERE user_id = %s"
)


class RevisionCounterManager(models.Manager["RevisionCounter"]):
    def allocate(self, *, user_id: int, count: int, more_expenses: int = 0) -> range:
        """Return the next `count` revisions, one for each row that the transaction changes, and remember how many live
        expenses more (or, below zero, fewer) there are after it.

        It must be the transaction's first statement. It locks the counter until the commit, so for one user commit
        order is the order of revisions. Raise AccountErased where the account has been erased meanwhile."""
        if not connection.in_atomic_block:
            raise RuntimeError("Revisions are allocated inside the transaction that uses them.")
        with connection.cursor() as cursor:
            cursor.execute(ALLOCATE, [user_id, count, more_expenses])
            [last] = cursor.fetchone()
        # The row is new: either this is the user's first change, or an erasure that this statement waited for took
        # the counter and the user away.
        if last == count and not User.objects.filter(pk=user_id).exists():
            raise AccountErased
        return range(last - count + 1, last + 1)

    def lock(self, *, user_id: int) -> None:
        """Lock the counter until the commit, for callers that query before they know how many rows change."""
        self.allocate(user_id=user_id, count=0)

    def skip_lost_revisions(self) -> int:
        """Move every counter past all that was issued after the backup that has just been restored, and return how many
        there are. Whoever has none gets one.

        A counter moves to the time, in milliseconds since 1970: nobody changes a thousand rows a second for long. So it
        also passes what was issued after an earlier restore, even where the backup is older than that."""
        self.bulk_create(RevisionCounter(user=user) for user in User.objects.filter(revision_counter=None))
        now = time.time_ns() // 1_000_000
        # Should the clock be wrong, it moves all the same.
        RestoreGap.objects.bulk_create(
            RestoreGap(user_id=user_id, last_kept=revision, first_new=max(now, revision + RevisionCounter.LEAST_GAP))
            for user_id, revision in self.select_for_update().values_list("user_id", "revision")
        )
        # Without its type PostgreSQL would be sent the lower 32 bits.
        skipped = Greatest(Value(now, models.BigIntegerField()), F("revision") + RevisionCounter.LEAST_GAP)
        return self.update(revision=skipped, restored_at=skipped)


class RevisionCounter(models.Model):
    """The number of changes to a user's expenses and budgets: one row per user.

    It is a table of its own, so that no `user.save()` can write an old revision back."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="revision_counter")
    revision = models.BigIntegerField(default=0)
    # The first revision after the last restored backup; 0 where there was none.
    restored_at = models.BigIntegerField(db_default=0)
    # Kept by `allocate`, so that a list does not count its rows each time.
    expense_count = models.BigIntegerField(db_default=0, help_text="How many expenses the user has, without the trash.")

    LEAST_GAP = 1_000_000

    objects = RevisionCounterManager()

    class Meta:
        db_table = "accounts_ledger"
        constraints = [
            models.CheckConstraint(condition=models.Q(revision__gte=0), name="accounts_ledger_revision_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.revision}"

    def has_issued(self, cursor: int) -> bool:
        """Return whether this revision was issued, and was not lost with a restored backup since."""
        if cursor >= self.restored_at:
            return cursor <= self.revision
        gaps = RestoreGap.objects.filter(user_id=self.user_id, last_kept__lt=cursor, first_new__gt=cursor)
        return not gaps.exists()
