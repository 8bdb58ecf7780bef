"""Users, their sessions, and what staff have done, for staff."""

from django.contrib import admin

from accounts.admin.log_entry import LogEntryAdmin
from accounts.admin.login import LoginForm
from accounts.admin.session import SessionAdmin
from accounts.admin.user import UserAdmin

__all__ = ["LogEntryAdmin", "SessionAdmin", "UserAdmin"]

admin.site.login_form = LoginForm
