"""The password validator that ends sessions."""

from accounts.models import User
from expense_tracker.logs import log_event


class RevokeSessionsOnPasswordChange:
    """End all sessions of a user whose password changes, by the API, in the admin or by `manage.py changepassword`.

    Django calls every password validator after each change."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Accept every password."""

    def password_changed(self, password: str, user: User) -> None:
        log_event("password changed", user_id=user.pk)
        user.api_sessions.all().revoke()

    def get_help_text(self) -> str:
        return "A new password ends all sessions."
