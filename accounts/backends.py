"""The password check, for the API and for the admin."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.exceptions import HashingBusy
from accounts.models import User
from accounts.throttling import client_address, count_login
from expense_tracker.logs import log_event


class LimitedModelBackend(ModelBackend):
    """Count each attempt before the password is hashed, and take the count back if the password is right."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user, or None for wrong credentials. Raise TooManyAttempts or HashingBusy."""
        if request is None or username is None:
            # A management command or a test: there is no address.
            return super().authenticate(request, username, password, **kwargs)
        attempt = count_login(request, username)
        try:
            user = super().authenticate(request, username, password, **kwargs)
        except HashingBusy:
            attempt.refund()  # the password was not checked
            raise
        if user is None:
            log_event("login failed", address=client_address(request))
        else:
            attempt.refund()
        return user
