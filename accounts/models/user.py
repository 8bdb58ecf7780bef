"""The user."""

import secrets
import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models

from expense_tracker import dates
from expense_tracker.dates import time_zone_names
from expense_tracker.db.fields import DerivedCharField

if TYPE_CHECKING:
    from accounts.models.revision_counter import RevisionCounter

MAX_USERNAME_LENGTH = 150
# Folding turns one character into at most three.
MAX_USERNAME_KEY_LENGTH = 3 * MAX_USERNAME_LENGTH


def fold_username(username: str) -> str:
    """Return the key by which a user name is unique and found: `Alice`, `alice` and full-width letters are one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def validate_timezone(name: str) -> None:
    """Raise ValidationError unless this is the IANA name of a time zone, such as Europe/Berlin."""
    if name not in time_zone_names():
        raise ValidationError("Unknown time zone. Use an IANA name such as Europe/Berlin.", code="invalid_choice")


def normalize_password(password: str) -> str:
    """Return the form in which passwords are compared (RFC 8265): keyboards differ in how they compose letters."""
    return unicodedata.normalize("NFC", password)


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username_key=fold_username(username or ""))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who can log in with `password`. Raise IntegrityError if the name is taken."""
        user = self.model(username=User.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, **fields | {"is_staff": True, "is_superuser": True})


class User(AbstractUser):
    """An account that owns expenses, or a member of staff (`is_staff`). Its only personal data is a user name."""

    first_name = None  # type: ignore[assignment]  # Django's documented way to leave out an inherited field
    last_name = None  # type: ignore[assignment]  # likewise
    email = None  # type: ignore[assignment]  # likewise
    username_key = DerivedCharField(
        max_length=MAX_USERNAME_KEY_LENGTH, derive=lambda user: fold_username(user.username)
    )
    timezone = models.CharField(
        max_length=64, default="UTC", db_default="UTC", validators=[validate_timezone], help_text="IANA name."
    )

    password_logins_left = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="How often the password still logs in; null: as often as one likes."
    )

    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # ours has no e-mail address to take

    class Meta(AbstractUser.Meta):
        constraints = [models.UniqueConstraint(fields=["username_key"], name="accounts_user_username_key_unique")]

    def clean(self) -> None:
        """Check the unique constraint for the admin's forms, which do not see the derived column."""
        if not self.username:  # the form has refused it already
            return
        self.username = self.normalize_username(self.username)
        others = User.objects.exclude(pk=self.pk)
        if others.filter(username_key=fold_username(self.username)).exists():
            raise ValidationError({"username": "A user with that username already exists."})

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(None if raw_password is None else normalize_password(raw_password))
        self.password_logins_left = None

    def set_one_time_password(self) -> str:
        """Set a random password, and return it. It logs in once; until it is changed it still proves who one is."""
        password = secrets.token_urlsafe(12)
        self.set_password(password)
        self.password_logins_left = 1
        return password

    def record_login(self, now: datetime, *, by_password: bool = True) -> bool:
        """Record a log-in, by the password or a token of the user, and return whether it may be: not if the password
        changed since it was checked, or was for one use, nor if the user is not active."""
        current = User.objects.filter(pk=self.pk, password=self.password, is_active=True)
        if not by_password:
            return bool(current.update(last_login=now))
        good = current.filter(models.Q(password_logins_left=None) | models.Q(password_logins_left__gt=0))
        # Null less one is null.
        return bool(good.update(last_login=now, password_logins_left=models.F("password_logins_left") - 1))

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether the password is right. Replace a hash of other parameters, or of a form other than NFC.

        The hash is only replaced while it is the one that was checked: Django's version could write an old password
        over one that was just changed."""
        if raw_password is None:
            return False
        normalized = normalize_password(raw_password)

        def upgrade(_: str) -> None:
            stronger = make_password(normalized)
            if User.objects.filter(pk=self.pk, password=self.password).update(password=stronger):
                self.password = stronger

        if check_password(normalized, self.password, upgrade):
            return True
        # Passwords were stored as they were typed until 2026-11. For ASCII there is no other form, and no other hash.
        for form in {raw_password, unicodedata.normalize("NFD", raw_password)} - {normalized}:
            if check_password(form, self.password):
                upgrade(form)
                return True
        return False

    def get_full_name(self) -> str:
        return ""

    def get_short_name(self) -> str:
        return self.username

    def today(self) -> date:
        """Return the current day in the user's time zone."""
        return dates.today(self.timezone)

    @property
    def expense_count(self) -> int:
        """The number of the user's live expenses when this instance was loaded."""
        counter: RevisionCounter | None = getattr(self, "revision_counter", None)
        return counter.expense_count if counter else 0

    @property
    def revision(self) -> int:
        """The user's revision when this instance was loaded."""
        counter: RevisionCounter | None = getattr(self, "revision_counter", None)
        return counter.revision if counter else 0

    def has_issued(self, cursor: int) -> bool:
        """Return whether the revision had been issued when this instance was loaded, and is valid."""
        counter: RevisionCounter | None = getattr(self, "revision_counter", None)
        return counter is not None and counter.has_issued(cursor)
