"""What happens when a password is set."""

from accounts.models import User
from expense_tracker.logs import log_event


class RevokeSessionsOnPasswordChange:
    """Ends all sessions of a user whose password changes, wherever that happens: by the API, in the admin or by
    `manage.py changepassword`: Django calls all password validators after each change."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Every password will do."""

    def password_changed(self, password: str, user: User) -> None:
        log_event("password changed", user_id=user.pk)
        user.api_sessions.all().revoke()

    def get_help_text(self) -> str:
        return "A new password ends all sessions."
