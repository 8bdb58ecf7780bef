"""Error codes of PostgreSQL (SQLSTATE), and what they mean."""

from django.db import InterfaceError, OperationalError

READ_ONLY_SQL_TRANSACTION = "25006"
IN_FAILED_SQL_TRANSACTION = "25P02"
DEADLOCK_DETECTED = "40P01"
DISK_FULL = "53100"
LOCK_NOT_AVAILABLE = "55P03"
FOREIGN_KEY_VIOLATION = "23503"


def sqlstate_of(error: BaseException) -> str | None:
    """Return PostgreSQL's code for an error of Django's."""
    return getattr(error.__cause__, "sqlstate", None)


def has_sqlstate(error: BaseException, *codes: str) -> bool:
    """Return whether PostgreSQL gave the error one of these codes."""
    return sqlstate_of(error) in codes


def is_unavailable(error: BaseException) -> bool:
    """Return whether the database cannot do now what it may do in a moment.

    A server that is away, shuts down (57P01 to 57P03), has no disk space (53100) or no connection left (53300) raises
    OperationalError; one that is read-only, and a transaction that has failed before, InternalError."""
    return isinstance(error, OperationalError | InterfaceError) or is_spent(error)


def is_spent(error: BaseException) -> bool:
    """Return whether the connection is to be closed: a new one may reach a server that takes writes."""
    return has_sqlstate(error, READ_ONLY_SQL_TRANSACTION, IN_FAILED_SQL_TRANSACTION)


def refuses_writes(error: BaseException) -> bool:
    """Return whether the database can be read all the same."""
    return has_sqlstate(error, READ_ONLY_SQL_TRANSACTION, DISK_FULL)


def is_disk_full(error: BaseException) -> bool:
    """Return whether a write has found what nobody can be asked for. A server that is read-only says so."""
    return has_sqlstate(error, DISK_FULL)


def is_lock_timeout(error: OperationalError) -> bool:
    """Return whether a statement gave up waiting for a lock that another transaction holds."""
    return has_sqlstate(error, LOCK_NOT_AVAILABLE) or "database is locked" in str(error)
