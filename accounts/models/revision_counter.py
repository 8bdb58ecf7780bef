"""Per-user revision counter: every write gets the next number."""

from django.db import connection, models

from accounts.exceptions import AccountErased
from accounts.models.user import User

# Both statements lock the row until the transaction ends.
ALLOCATE = (
    "INSERT INTO accounts_ledger (user_id, revision, expense_count) VALUES (%s, %s, %s)"
    " ON CONFLICT (user_id) DO UPDATE SET revision = accounts_ledger.revision + EXCLUDED.revision,"
    " expense_count = accounts_ledger.expense_count + EXCLUDED.expense_count"
    " RETURNING revision"
)
# Only where the counter still has the revision that the caller read.
ALLOCATE_NEXT = (
    "UPDATE accounts_ledger SET revision = revision + 1, expense_count = expense_count + %s"
    " WHERE user_id = %s AND revision = %s"
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


class RevisionCounter(models.Model):
    """How many changes a user's expenses and budgets have seen: one row for each user.

    It is a table of its own, so that no `user.save()` can write an old revision back."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="revision_counter")
    revision = models.BigIntegerField(default=0)
    # First valid revision after a restored backup. The RESTORE_GAP revisions below it may have been issued for rows
    # that the backup does not contain.
    restored_at = models.BigIntegerField(db_default=0)
    # Kept by `allocate`, so that a list does not count its rows each time.
    expense_count = models.BigIntegerField(db_default=0, help_text="How many expenses the user has, without the trash.")

    RESTORE_GAP = 1_000_000

    objects = RevisionCounterManager()

    class Meta:
        db_table = "accounts_ledger"
        constraints = [
            models.CheckConstraint(condition=models.Q(revision__gte=0), name="accounts_ledger_revision_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.revision}"

    def has_issued(self, cursor: int) -> bool:
        """Return whether this revision was ever issued and is still valid after the last restore."""
        return cursor <= self.revision and not self.restored_at - self.RESTORE_GAP < cursor < self.restored_at
