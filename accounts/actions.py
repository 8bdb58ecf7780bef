"""Writes to accounts and their sessions."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.exceptions import AccountErased, CredentialsChanged, InvalidToken, UserAlreadyExists
from accounts.models import RevisionCounter, Session, User, fold_username
from accounts.models.session import MAX_USER_AGENT_LENGTH
from expense_tracker.db.transactions import atomic_write
from expense_tracker.logs import log_event

# Two requests of one client may race with one refresh token; later than this two clients have it.
REUSE_IS_THEFT_AFTER = timedelta(seconds=10)


def register(*, username: str, password: str) -> User:
    """Create a user with a revision counter. Raise UserAlreadyExists, also if another registration wins the race."""
    # Looked up first, so that a name that is taken costs no password hash.
    if User.objects.filter(username_key=fold_username(username)).exists():
        raise UserAlreadyExists
    user = User(username=username)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            RevisionCounter.objects.create(user=user)
    except IntegrityError:
        raise UserAlreadyExists from None
    return user


@atomic_write
def open_session(
    *, user: User, user_agent: str, name: str = "", scope: str = Session.Scope.WRITE, lifetime: timedelta | None = None
) -> Session:
    """Open a session for a user whose password, or, if it has a `name`, whose token was just checked.

    Raise CredentialsChanged if the password changed, or was used up, or the user was deactivated, since `user` was
    loaded. The user's row is updated first, as by everything that ends sessions, so the two serialize."""
    now = timezone.now()
    if not user.record_login(now, by_password=not name):
        raise CredentialsChanged
    return Session.objects.create(
        user=user,
        name=name,
        scope=scope,
        user_agent="".join(filter(str.isprintable, user_agent))[:MAX_USER_AGENT_LENGTH],
        created_at=now,
        rotated_at=now,
        last_used_at=now,
        expires_at=now + (lifetime or Session.IDLE),
    )


def refresh_session(*, session_id: uuid.UUID, user_id: int, generation: int, issued_at: datetime) -> Session:
    """Return the session, one generation later.

    Raise InvalidToken, and end the session if the token was superseded more than 10 seconds ago: somebody else has it
    too."""
    sessions = Session.objects.select_related("user")
    session: Session | None = sessions.filter(pk=session_id, user_id=user_id).first()
    if session is None or not session.is_live or not session.user.is_active or session.is_personal:
        raise InvalidToken
    if generation == session.generation and session.rotate():
        return session
    session = Session.objects.filter(pk=session.pk).first()
    if session is None:
        raise InvalidToken
    # When older generations were superseded is not known, only that it was after they were issued.
    superseded_at = session.rotated_at if generation == session.generation - 1 else issued_at
    if timezone.now() - superseded_at > REUSE_IS_THEFT_AFTER:
        log_event("refresh reuse", user_id=session.user_id, session_id=session.pk)
        Session.objects.filter(pk=session.pk).revoke()
    raise InvalidToken


@atomic_write
def change_password(*, user: User, password: str) -> None:
    """Set the password, which ends every session, personal access tokens too. Raise AccountErased."""
    if not User.objects.select_for_update().filter(pk=user.pk).exists():
        raise AccountErased
    user.set_password(password)
    user.save(update_fields=["password", "password_logins_left"])


@atomic_write
def reset_password(*, username: str) -> str:
    """Set a random password that logs in once, which ends every session, and return it. Raise User.DoesNotExist, also
    where the user is not active."""
    user = User.objects.select_for_update().get(username_key=fold_username(username), is_active=True)
    password = user.set_one_time_password()
    user.save(update_fields=["password", "password_logins_left"])
    return password


@atomic_write
def end_sessions(*, users: Collection[User]) -> int:
    """End all sessions of the users. Return how many were live."""
    lock_users(users)
    return Session.objects.live().filter(user__in=users).revoke()


@atomic_write
def deactivate(*, users: Collection[User]) -> list[User]:
    """Refuse the users from now on and end their sessions. Return those who were active.

    A user who is activated again later has to log in again."""
    active = [user for user in lock_users(users) if user.is_active]
    User.objects.filter(pk__in=[user.pk for user in active]).update(is_active=False)
    Session.objects.live().filter(user__in=users).revoke()
    for user in active:
        log_event("user deactivated", user_id=user.pk)
    return active


def lock_users(users: Collection[User]) -> list[User]:
    """Lock the users' rows in ascending order, and return them.

    This waits for sessions that are just being opened, since those have updated their user's row."""
    return list(User.objects.select_for_update().filter(pk__in=[user.pk for user in users]).order_by("pk"))


@atomic_write
def erase_account(*, user: User) -> None:
    """Delete the user and everything of theirs. Raise AccountErased if somebody else just did.

    Writes that wait for the revision counter meanwhile find no user any more."""
    RevisionCounter.objects.allocate(user_id=user.pk, count=1)
    # Waits for a session that is just being opened, which then goes too: it has updated the user's row.
    User.objects.select_for_update().get(pk=user.pk).delete()
