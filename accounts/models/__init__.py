"""Users, their revision counters and sessions, and the counters of rate limits."""

from accounts.models.admin_session import AdminSession
from accounts.models.rate_counter import RateCounter
from accounts.models.restore_gap import RestoreGap
from accounts.models.revision_counter import RevisionCounter
from accounts.models.session import Session
from accounts.models.user import User, fold_username

__all__ = ["AdminSession", "RateCounter", "RestoreGap", "RevisionCounter", "Session", "User", "fold_username"]
