"""Sessions: what a token gives access to."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Self

from django.db import connection, models
from django.db.models.expressions import Col
from django.utils import timezone

from accounts.models.ledgers import Ledger
from accounts.models.users import User
from expense_tracker.observability import log_event

MAX_USER_AGENT_LENGTH = 200
MAX_SESSION_NAME_LENGTH = 60


# What a request needs to know of who sends it, in the order of the models' fields, as `from_db` wants it. What is not
# among these columns is read when somebody asks for it.
SESSION_COLUMNS = ("id", "user_id", "name", "scope", "created_at", "last_used_at", "expires_at", "revoked_at")
USER_COLUMNS = ("id", "password", "username", "is_active", "date_joined")
LEDGER_COLUMNS = ("user_id", "revision", "restored_at")
# Written out, since the compilation of a queryset over three tables takes longer than all the rest of authentication.
AUTHENTICATION = f"""
    SELECT {", ".join(f"accounts_session.{column}" for column in SESSION_COLUMNS)},
        {", ".join(f"accounts_user.{column}" for column in USER_COLUMNS)},
        {", ".join(f"accounts_ledger.{column}" for column in LEDGER_COLUMNS)}
    FROM accounts_session
    JOIN accounts_user ON accounts_user.id = accounts_session.user_id
    LEFT JOIN accounts_ledger ON accounts_ledger.user_id = accounts_user.id
    WHERE accounts_session.id = %s AND accounts_user.id = %s
"""  # noqa: S608  # names of columns


@cache
def converters() -> list[Callable[[Any], Any]]:
    """For each column of AUTHENTICATION, what makes the field's value of the database's: SQLite has no times."""
    columns = [(Session, SESSION_COLUMNS), (User, USER_COLUMNS), (Ledger, LEDGER_COLUMNS)]
    fields: list[Any] = [model._meta.get_field(name.removesuffix("_id")) for model, names in columns for name in names]
    return [partial(convert, connection.ops.get_db_converters(Col("", field))) for field in fields]


def convert(database_converters: list[Any], value: Any) -> Any:
    for database_converter in database_converters:
        value = database_converter(value, None, connection)
    return value


class SessionQuerySet(models.QuerySet["Session"]):
    def with_user_and_ledger(self, session_id: uuid.UUID, user_id: int) -> "Session | None":
        """The session, if the user has it, with its user and the user's ledger, in one statement."""
        key = Session._meta.pk.get_db_prep_value(session_id, connection)
        with connection.cursor() as cursor:
            cursor.execute(AUTHENTICATION, [key, user_id])
            row = cursor.fetchone()
        if row is None:
            return None
        values = iter([convert(value) for convert, value in zip(converters(), row, strict=True)])
        session = Session.from_db(self.db, SESSION_COLUMNS, [next(values) for _ in SESSION_COLUMNS])
        session.user = User.from_db(self.db, USER_COLUMNS, [next(values) for _ in USER_COLUMNS])
        ledger = Ledger.from_db(self.db, LEDGER_COLUMNS, list(values))
        if ledger.revision is not None:
            session.user.ledger = ledger
        return session

    def live(self) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def used_since(self, moment: datetime) -> Self:
        return self.filter(last_used_at__gte=moment)

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())

    def revoke(self) -> int:
        """Ends those that are not ended yet, at the very next request, and says how many."""
        count = self.filter(revoked_at=None).update(revoked_at=timezone.now())
        if count:
            log_event("session revoked", sessions=count)
        return count


class Session(models.Model):
    """A login on one device, or a personal access token, which has a name.

    No token is stored: tokens are signed and name their session, a refresh token its generation too. Each refresh makes
    a new generation, so that a token that comes back after it was used shows that it is in two hands."""

    class Scope(models.TextChoices):
        READ = "read"
        WRITE = "write"

    IDLE = timedelta(days=14)
    LONGEST = timedelta(days=30)
    USE_IS_NOTED_AFTER = timedelta(hours=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_sessions")
    name = models.CharField(max_length=MAX_SESSION_NAME_LENGTH, blank=True, help_text="Of a personal access token.")
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WRITE)
    user_agent = models.CharField(max_length=MAX_USER_AGENT_LENGTH, blank=True)
    generation = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    rotated_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_used_at", "id"]
        permissions = [("end_session", "Can end sessions")]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["read", "write"]), name="accounts_session_scope_known")
        ]

    def __str__(self) -> str:
        return self.name or f"{self.user_agent or 'unknown client'}, {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_personal(self) -> bool:
        return bool(self.name)

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def expiry_when_used(self, now: datetime) -> datetime:
        """When the session ends if it is not used after `now`. A personal access token has a fixed end."""
        return self.expires_at if self.is_personal else min(now + self.IDLE, self.created_at + self.LONGEST)

    def note_use(self) -> None:
        """Remembers that the session is in use, at most hourly: most requests write nothing."""
        now = timezone.now()
        if now - self.last_used_at > self.USE_IS_NOTED_AFTER:
            same = Session.objects.live().filter(pk=self.pk)
            same.update(last_used_at=now, expires_at=self.expiry_when_used(now))

    def rotate(self) -> bool:
        """Makes the next generation. Of all who use one generation's refresh token at once, one gets True."""
        now, generation = timezone.now(), self.generation
        self.generation, self.rotated_at, self.last_used_at = generation + 1, now, now
        self.expires_at = self.expiry_when_used(now)
        current = Session.objects.live().filter(pk=self.pk, generation=generation)
        return bool(
            current.update(generation=self.generation, rotated_at=now, last_used_at=now, expires_at=self.expires_at)
        )
