"""Who keeps expenses: users, their ledgers and sessions, and the counters of what is limited."""

from accounts.models.counters import Counter
from accounts.models.ledgers import AccountErased, Ledger
from accounts.models.sessions import Session
from accounts.models.users import User, fold_username

__all__ = ["AccountErased", "Counter", "Ledger", "Session", "User", "fold_username"]
