"""Users and their sessions, for staff."""

from django.contrib import admin

from accounts.admin.login import LoginForm
from accounts.admin.session import SessionAdmin
from accounts.admin.user import UserAdmin

__all__ = ["SessionAdmin", "UserAdmin"]

admin.site.login_form = LoginForm
