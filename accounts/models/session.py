"""Sessions: a token gives access as long as its session lives."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, models
from django.utils import timezone

from accounts.models.revision_counter import RevisionCounter
from accounts.models.user import User
from expense_tracker.db import lookups  # noqa: F401  # any_of
from expense_tracker.db.availability import outage
from expense_tracker.db.compiled_queries import CompiledQuerySet
from expense_tracker.db.errors import refuses_writes
from expense_tracker.logs import log_event

MAX_USER_AGENT_LENGTH = 200
MAX_SESSION_NAME_LENGTH = 60

# Columns that authentication loads on every request, in the order of the models' fields (`from_db` requires it); all
# others are deferred.
SESSION_COLUMNS = (
    "id",
    "user_id",
    "name",
    "scope",
    "generation",
    "generation_used_at",
    "created_at",
    "last_used_at",
    "expires_at",
    "revoked_at",
)
USER_COLUMNS = ("id", "password", "username", "is_active", "date_joined", "timezone")
COUNTER_COLUMNS = ("user_id", "revision", "restored_at", "expense_count")
COLUMNS = (
    *SESSION_COLUMNS,
    *(f"user__{column}" for column in USER_COLUMNS),
    *(f"user__revision_counter__{column}" for column in COUNTER_COLUMNS),
)


class SessionQuerySet(CompiledQuerySet):
    def owned_by(self, user: User) -> Self:
        return self.filter(user_id=user.pk)

    def live(self) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def ended(self) -> Self:
        """Return those that are not live: revoked or expired."""
        return self.exclude(revoked_at=None, expires_at__gt=timezone.now())

    def used_since(self, moment: datetime) -> Self:
        return self.filter(last_used_at__gte=moment)

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())

    def revisions(self, session_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
        """Return the users' revisions by session, of those sessions that still give access."""
        giving_access = self.live().filter(id__any_of=session_ids, user__is_active=True).order_by()
        return {
            pk: revision or 0 for pk, revision in giving_access.values_list("pk", "user__revision_counter__revision")
        }

    def revoke(self) -> int:
        """End the sessions from their next request on. Return how many were not ended yet."""
        count = self.filter(revoked_at=None).update(revoked_at=timezone.now())
        if count:
            log_event("session revoked", sessions=count)
        return count


class Session(models.Model):
    """A login on one device, or a personal access token, which has a name.

    No token is stored: tokens are signed and name their session. A refresh token carries the session's generation too,
    and each refresh makes the next generation, so that a token that is used again shows that two clients have it."""

    class Scope(models.TextChoices):
        READ = "read"
        WRITE = "write"

    USE_IS_NOTED_AFTER = timedelta(hours=1)
    # How long a superseded refresh token is still answered once the current pair is used: tabs race, answers get lost.
    GRACE = timedelta(seconds=10)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_sessions")
    name = models.CharField(max_length=MAX_SESSION_NAME_LENGTH, blank=True, help_text="Of a personal access token.")
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.WRITE)
    user_agent = models.CharField(max_length=MAX_USER_AGENT_LENGTH, blank=True)
    generation = models.PositiveIntegerField(default=0)
    generation_used_at = models.DateTimeField(
        null=True, blank=True, help_text="When a token of this generation was first used."
    )
    created_at = models.DateTimeField(default=timezone.now)
    rotated_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    # Of the access token that the request was authenticated with, in seconds since 1970.
    token_expires_at: float

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_used_at", "id"]
        permissions = [("end_session", "Can end sessions")]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["read", "write"]), name="accounts_session_scope_known")
        ]

    def __str__(self) -> str:
        return self.name or f"{self.user_agent or 'unknown client'}, {self.created_at:%Y-%m-%d %H:%M}"

    @classmethod
    def with_user_and_revision_counter(cls, session_id: uuid.UUID, user_id: int) -> "Session | None":
        """Return the user's session with user and revision counter loaded in one statement, or None.

        `select_related` does the same for 0.5 ms more of CPU, at each request."""
        rows = list(cls.objects.filter(id=session_id, user_id=user_id).order_by().values_list(*COLUMNS))
        if not rows:
            return None
        [values], of_user, of_counter = rows, len(SESSION_COLUMNS), -len(COUNTER_COLUMNS)
        session = cls.from_db(DEFAULT_DB_ALIAS, SESSION_COLUMNS, values[:of_user])
        user = User.from_db(DEFAULT_DB_ALIAS, USER_COLUMNS, values[of_user:of_counter])
        counter = RevisionCounter.from_db(DEFAULT_DB_ALIAS, COUNTER_COLUMNS, values[of_counter:])
        # As `select_related` does.
        Session.user.field.set_cached_value(session, user)
        if counter.revision is not None:
            RevisionCounter.user.field.remote_field.set_cached_value(user, counter)
        return session

    @property
    def is_personal(self) -> bool:
        return bool(self.name)

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    def expiry_when_used(self, now: datetime) -> datetime:
        """Return when the session ends if it is not used after `now`; a personal access token's end is fixed."""
        if self.is_personal:
            return self.expires_at
        idle, longest = timedelta(days=settings.SESSION_IDLE_DAYS), timedelta(days=settings.SESSION_LONGEST_DAYS)
        return min(now + idle, self.created_at + longest)

    def note_use(self, *, generation: int | None) -> None:
        """Record the use of an access token of this generation.

        Most requests write nothing: the first use of a generation is recorded once, the last use of the session at most
        once an hour."""
        now = timezone.now()
        same = Session.objects.live().filter(pk=self.pk)
        try:
            if generation == self.generation and self.generation_used_at is None:
                same.filter(generation=generation, generation_used_at=None).update(generation_used_at=now)
            if now - self.last_used_at > self.USE_IS_NOTED_AFTER:
                same.update(last_used_at=now, expires_at=self.expiry_when_used(now))
        except DatabaseError as error:
            # Reads go on.
            if not refuses_writes(error):
                raise
            outage.note(error)

    def rotate(self) -> bool:
        """Make the next generation. Return True for one of all concurrent calls with the same generation."""
        now, generation = timezone.now(), self.generation
        self.generation, self.rotated_at, self.last_used_at, self.generation_used_at = generation + 1, now, now, None
        self.expires_at = self.expiry_when_used(now)
        current = Session.objects.live().filter(pk=self.pk, generation=generation)
        return bool(
            current.update(
                generation=self.generation,
                rotated_at=now,
                generation_used_at=None,
                last_used_at=now,
                expires_at=self.expires_at,
            )
        )

    @property
    def may_repeat_answer(self) -> bool:
        """Whether a superseded refresh token gets the current pair of tokens: one that nobody has used may be lost."""
        used_at = self.generation_used_at
        return used_at is None or timezone.now() - used_at <= self.GRACE
