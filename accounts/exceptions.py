"""Domain exceptions of accounts, sessions and limits."""

from expense_tracker.exceptions import Busy, InvalidInput, LimitReached, NotAuthenticated, NotPermitted


class UserAlreadyExists(InvalidInput):
    """The user name is taken, in this or another case or width of its letters."""

    detail = "User already exists"
    code = "user_exists"


class RegistrationClosed(NotPermitted):
    detail = "Registration is closed. Ask whoever runs this service for an account."
    code = "registration_closed"


class InvalidCredentials(NotAuthenticated):
    """The user name or the password is wrong, or the account is inactive."""

    detail = "Invalid credentials"
    code = "invalid_credentials"


class InvalidToken(NotAuthenticated):
    """The token is not ours, expired, or its session has ended."""

    detail = "Could not validate credentials"
    code = "token_invalid"


class AccountErased(InvalidToken):
    """The account was erased while the request ran."""


class CredentialsChanged(InvalidToken):
    """The password changed, or the account was deactivated, after the caller was authenticated."""


class PersonalTokenNotAllowed(NotPermitted):
    """Only a login may do this."""

    detail = "A personal access token cannot open further sessions."
    code = "personal_token"


class TooManyAttempts(LimitReached):
    """A limit is used up for the next `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.retry_after = seconds
        super().__init__(f"Too many attempts. Try again in {seconds} second{'s' if seconds > 1 else ''}.")


class HashingBusy(Busy):
    """Too many passwords are being checked at once."""

    detail = "Too many people are logging in at once. Try again in a moment."
    code = "busy"
