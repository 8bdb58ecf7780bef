"""Writes to accounts and their sessions."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.exceptions import AccountErased, CredentialsChanged, SessionEnded, UserAlreadyExists
from accounts.models import RevisionCounter, Session, User, fold_username
from accounts.models.session import MAX_USER_AGENT_LENGTH
from expense_tracker.db.transactions import atomic_write
from expense_tracker.logs import log_event


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
    session = Session(
        user=user,
        name=name,
        scope=scope,
        user_agent="".join(filter(str.isprintable, user_agent))[:MAX_USER_AGENT_LENGTH],
        created_at=now,
        rotated_at=now,
        generation_used_at=now,
        last_used_at=now,
    )
    session.expires_at = now + lifetime if lifetime else session.expiry_when_used(now)
    session.save(force_insert=True)
    return session


def refresh_session(*, session_id: uuid.UUID, user_id: int, generation: int) -> Session:
    """Return the session in its next generation, or in the current one if that may not have reached the client.

    `generation` is that of the refresh token. Raise SessionEnded, and end the session if the token was superseded and
    the current one has been in use for more than 10 seconds: then two clients have it."""
    logins = Session.objects.live().filter(pk=session_id, user_id=user_id, user__is_active=True, name="")
    session: Session | None = logins.first()
    if session is not None and session.generation == generation:
        if session.rotate():
            return session
        session = logins.first()  # a concurrent request was faster
    if session is None or generation > session.generation:
        raise SessionEnded
    if not session.may_repeat_answer:
        log_event("refresh reuse", user_id=session.user_id, session_id=session.pk)
        Session.objects.filter(pk=session.pk).revoke()
        raise SessionEnded
    return session


def change_timezone(*, user: User, name: str) -> None:
    """Set the time zone, an IANA name. Raise AccountErased."""
    if not User.objects.filter(pk=user.pk).update(timezone=name):
        raise AccountErased
    user.timezone = name


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
