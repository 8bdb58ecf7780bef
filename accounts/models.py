"""Who keeps expenses: the user, and the ledger that numbers the changes of the user's data."""

import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import connection, models
from rest_framework.exceptions import AuthenticationFailed

from expense_tracker.fields import DerivedCharField

MAX_USERNAME_LENGTH = 150
# Folding makes of one character at most three.
MAX_USERNAME_KEY_LENGTH = 3 * MAX_USERNAME_LENGTH


class AccountErased(AuthenticationFailed):
    default_detail = "Could not validate credentials"


def fold_username(username: str) -> str:
    """The key by which a user name is unique and found: `Alice`, `alice` and full-width letters are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username_key=fold_username(username or ""))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """A user who can log in with `password`. Raises IntegrityError where the name is taken."""
        user = self.model(username=User.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, **fields | {"is_staff": True, "is_superuser": True})


class User(AbstractUser):
    """A person who keeps expenses, or looks after those who do (`is_staff`). No more is known of them than a name."""

    first_name = None  # type: ignore[assignment]  # Django's documented way to leave out an inherited field
    last_name = None  # type: ignore[assignment]
    email = None  # type: ignore[assignment]
    username_key = DerivedCharField(
        max_length=MAX_USERNAME_KEY_LENGTH, derive=lambda user: fold_username(user.username)
    )

    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # ours has no e-mail address to take

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(fields=["username_key"], name="accounts_user_username_key_unique")]

    def clean(self) -> None:
        """The constraint's twin for the admin's forms, which do not see the derived column."""
        self.username = self.normalize_username(self.username)
        others = User.objects.exclude(pk=self.pk)
        if others.filter(username_key=fold_username(self.username)).exists():
            raise ValidationError({"username": "A user with that username already exists."})

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username

    @property
    def revision(self) -> int:
        """How many changes the user's data had seen when this user was read together with the ledger."""
        ledger: Ledger | None = getattr(self, "ledger", None)
        return ledger.revision if ledger else 0


class LedgerManager(models.Manager["Ledger"]):
    def take_numbers(self, *, user_id: int, count: int) -> range:
        """The next `count` numbers of the user, one for each row that the transaction changes.

        It is the transaction's first statement and locks the ledger until the commit: for one user, commit order is
        the order of numbers. Raises AccountErased where the account has been erased meanwhile."""
        if not connection.in_atomic_block:
            raise RuntimeError("Numbers are taken inside of the transaction that uses them.")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_ledger (user_id, revision) VALUES (%s, %s)"
                " ON CONFLICT (user_id) DO UPDATE SET revision = accounts_ledger.revision + EXCLUDED.revision"
                " RETURNING revision",
                [user_id, count],
            )
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

    objects = LedgerManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(revision__gte=0), name="accounts_ledger_revision_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.revision}"
