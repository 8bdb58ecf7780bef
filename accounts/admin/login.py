"""The admin's log-in."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils import timezone


class LoginForm(AdminAuthenticationForm):
    """A login form that uses up a one-time password, as the API does."""

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not user.record_login(timezone.now()):
            raise self.get_invalid_login_error()
