"""Users and their sessions, for staff."""

from accounts.admin.session import SessionAdmin
from accounts.admin.user import UserAdmin

__all__ = ["SessionAdmin", "UserAdmin"]
