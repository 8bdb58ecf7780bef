"""Users and their sessions, for staff."""

from accounts.admin.sessions import SessionAdmin
from accounts.admin.users import UserAdmin

__all__ = ["SessionAdmin", "UserAdmin"]
