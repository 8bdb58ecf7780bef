"""The ledger, which numbers the changes of a user's data."""

from django.db import connection, models
from rest_framework.exceptions import AuthenticationFailed

from accounts.models.users import User

# The next numbers of a user, so many, and the last of them. It locks the ledger until the transaction ends.
TAKE_NUMBERS = (
    "INSERT INTO accounts_ledger (user_id, revision) VALUES (%s, %s)"
    " ON CONFLICT (user_id) DO UPDATE SET revision = accounts_ledger.revision + EXCLUDED.revision"
    " RETURNING revision"
)
# The number after the last one of a user, if that is still the last one.
TAKE_NEXT = "UPDATE accounts_ledger SET revision = revision + 1 WHERE user_id = %s AND revision = %s"


class AccountErased(AuthenticationFailed):
    default_detail = "Could not validate credentials"


class LedgerManager(models.Manager["Ledger"]):
    def take_numbers(self, *, user_id: int, count: int) -> range:
        """The next `count` numbers of the user, one for each row that the transaction changes. With none it only locks,
        for whoever must look first to know how many they are.

        It is the transaction's first statement and locks the ledger until the commit: for one user, commit order is
        the order of numbers. Raises AccountErased where the account has been erased meanwhile."""
        if not connection.in_atomic_block:
            raise RuntimeError("Numbers are taken inside of the transaction that uses them.")
        with connection.cursor() as cursor:
            cursor.execute(TAKE_NUMBERS, [user_id, count])
            [last] = cursor.fetchone()
        # The row is new: either this is the user's first change, or an erasure that this statement waited for took
        # the ledger and the user away.
        if last == count and not User.objects.filter(pk=user_id).exists():
            raise AccountErased
        return range(last - count + 1, last + 1)


class Ledger(models.Model):
    """One row for each user with the number of changes that the user's expenses and budgets have seen.

    It is a table of its own, so that no `user.save()` can write an old number back."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="ledger")
    revision = models.BigIntegerField(default=0)
    # After a restored backup, the first revision that can be trusted again: the LOST ones below it were given out, if
    # at all, for what is gone.
    restored_at = models.BigIntegerField(db_default=0)

    LOST = 1_000_000

    objects = LedgerManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(revision__gte=0), name="accounts_ledger_revision_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.revision}"

    def gave_out(self, cursor: int) -> bool:
        """Whether the revision was reached, and not only before a backup was restored that knows nothing of it."""
        return cursor <= self.revision and not self.restored_at - self.LOST < cursor < self.restored_at
