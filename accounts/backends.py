"""The password check, for the API and for the admin."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.exceptions import HashingBusy
from accounts.models import User, fold_username
from accounts.throttling import LoginAttempt, client_address
from expense_tracker.logs import log_event
from expense_tracker.monitoring.metrics import FAILED_LOGINS, count


class LimitedModelBackend(ModelBackend):
    """Count each attempt before the password is hashed, and take the count back if the password is right."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user, or None for wrong credentials. Raise TooManyAttempts or HashingBusy."""
        if username is None or password is None:
            return None
        if request is None:
            return self.check(username, password)  # by a management command: there is no address
        attempt = LoginAttempt(request, username)
        try:
            user = self.check(username, password)
        except HashingBusy:
            attempt.refund()  # the password was not checked
            raise
        if user is None:
            count(FAILED_LOGINS)
            log_event("login failed", address=client_address(request))
        else:
            attempt.succeed()
        return user

    def check(self, username: str, password: str) -> User | None:
        """Return the user if the password is right. An unknown name takes as much time as a wrong password."""
        user = User.objects.filter(username_key=fold_username(username)).first() or User()
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
