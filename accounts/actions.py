"""What happens to accounts and their sessions."""

from collections.abc import Collection
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.exceptions import InvalidToken, UserAlreadyExists
from accounts.models import RevisionCounter, Session, User, fold_username
from accounts.models.session import MAX_USER_AGENT_LENGTH
from accounts.tokens import RefreshToken
from expense_tracker.db.transactions import atomic_write
from expense_tracker.logs import log_event

# Two requests of one client may race with one refresh token; later than this it is in two hands.
REUSE_IS_THEFT_AFTER = timedelta(seconds=10)


def register(*, username: str, password: str) -> User:
    """A new user, with a ledger. Raises UserAlreadyExists, also where another registration wins the race."""
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
) -> Session | None:
    """A new session of a user whose password was just checked, or None where the password has changed since then: what
    ends all sessions of a user writes the user's row first, and so does this."""
    now = timezone.now()
    if not User.objects.filter(pk=user.pk, password=user.password, is_active=True).update(last_login=now):
        return None
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


def refresh(*, token: RefreshToken) -> Session:
    """The session of the token, one generation later. Raises InvalidToken, and ends the session where the token was
    superseded more than 10 seconds ago: somebody else has it too."""
    session = Session.objects.select_related("user").filter(pk=token.session_id, user_id=token.user_id).first()
    if session is None or not session.is_live or not session.user.is_active or session.is_personal:
        raise InvalidToken
    if token.generation == session.generation and session.rotate():
        return session
    session = Session.objects.filter(pk=session.pk).first()
    if session is None:
        raise InvalidToken
    # When older generations were superseded is not known, only that it was after they were issued.
    just_before = token.generation == session.generation - 1
    superseded_at = session.rotated_at if just_before else token.issued_at
    if timezone.now() - superseded_at > REUSE_IS_THEFT_AFTER:
        log_event("refresh reuse", user_id=session.user_id, session_id=session.pk)
        Session.objects.filter(pk=session.pk).revoke()
    raise InvalidToken


@atomic_write
def change_password(*, user: User, password: str) -> None:
    """Set the password, which ends every session, personal access tokens too."""
    if not User.objects.select_for_update().filter(pk=user.pk).exists():
        raise InvalidToken  # the account has been erased meanwhile
    user.set_password(password)
    user.save(update_fields=["password"])


@atomic_write
def end_sessions(*, users: Collection[User]) -> int:
    """Ends all sessions of the users, for staff, and says how many."""
    lock(users)
    return Session.objects.live().filter(user__in=users).revoke()


@atomic_write
def deactivate(*, users: Collection[User]) -> list[User]:
    """Refuses the users from now on, for staff, ends their sessions and answers those who were active: should one be
    let in again, no old session is."""
    active = [user for user in lock(users) if user.is_active]
    User.objects.filter(pk__in=[user.pk for user in active]).update(is_active=False)
    Session.objects.live().filter(user__in=users).revoke()
    for user in active:
        log_event("user deactivated", user_id=user.pk)
    return active


def lock(users: Collection[User]) -> list[User]:
    """The users' rows, locked in ascending order. A session that is just being opened has written its user's: it is
    waited for."""
    return list(User.objects.select_for_update().filter(pk__in=[user.pk for user in users]).order_by("pk"))


@atomic_write
def erase_account(*, user: User) -> None:
    """Removes the user and everything of theirs. A write that waits for the ledger meanwhile finds no user any more."""
    RevisionCounter.objects.allocate(user_id=user.pk, count=1)
    # A session that is just being opened has written the user's row: it is waited for, and goes too.
    User.objects.select_for_update().get(pk=user.pk).delete()
