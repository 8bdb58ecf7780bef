"""Error codes of PostgreSQL (SQLSTATE), and what they mean."""

from django.db import DatabaseError, InterfaceError, OperationalError

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"
FOREIGN_KEY_VIOLATION = "23503"
DATABASE_UNAVAILABLE = (OperationalError, InterfaceError)


def has_sqlstate(error: DatabaseError, code: str) -> bool:
    """Return whether PostgreSQL gave the error this code."""
    return getattr(error.__cause__, "sqlstate", None) == code


def is_lock_timeout(error: OperationalError) -> bool:
    """Return whether a statement gave up waiting for a lock that another transaction holds."""
    return has_sqlstate(error, LOCK_NOT_AVAILABLE) or "database is locked" in str(error)
