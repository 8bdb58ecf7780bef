"""The admin's log-in."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from accounts.second_factor import TooManyCodes, find_device, use_code
from accounts.throttling import LoginAttempt, client_address
from expense_tracker.logs import log_event

WRONG_CODE = "This code is not right, or was used before."


class CodeField(forms.CharField):
    """A code of the authenticator app, or a recovery code."""

    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Code", max_length=16, **kwargs)


class LoginForm(AdminAuthenticationForm):
    """A login form that asks staff who have a second factor for a code, and uses up a one-time password."""

    code = CodeField(required=False, help_text="From your authenticator app, if you have set one up.")

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if find_device(user):
            self.check_code(user)
        if not user.record_login(timezone.now()):
            raise self.get_invalid_login_error()

    def check_code(self, user: User) -> None:
        code = self.cleaned_data.get("code")
        if not code:
            raise ValidationError({"code": "Enter the code that your authenticator app shows, or a recovery code."})
        # A wrong code counts as a wrong password does.
        request: Any = self.request
        attempt = LoginAttempt(request, user.username)
        try:
            device = use_code(user, code)
        except TooManyCodes as error:
            attempt.refund()
            raise ValidationError({"code": error.sentence}) from None
        if device is None:
            log_event("login failed", user_id=user.pk, address=client_address(request))
            raise ValidationError({"code": WRONG_CODE})
        attempt.refund()
        # Django's log-in notes it in the session.
        user.otp_device = device  # type: ignore[attr-defined]  # of django-otp
