"""Users, their sessions, and what staff have done, for staff."""

from django.contrib import admin
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin.admin_session import AdminSessionAdmin
from accounts.admin.log_entry import LogEntryAdmin
from accounts.admin.login import LoginForm
from accounts.admin.session import SessionAdmin
from accounts.admin.user import UserAdmin

__all__ = ["AdminSessionAdmin", "LogEntryAdmin", "SessionAdmin", "UserAdmin"]

admin.site.login_form = LoginForm
# Their pages would show superusers what the codes are made of.
admin.site.unregister([StaticDevice, TOTPDevice])
