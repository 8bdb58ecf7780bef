"""Why something about an account is refused."""

from expense_tracker.exceptions import Busy, InvalidInput, NotAuthenticated, NotPermitted


class UserAlreadyExists(InvalidInput):
    detail = "User already exists"
    code = "user_exists"


class RegistrationClosed(NotPermitted):
    detail = "Registration is closed. Ask whoever runs this service for an account."
    code = "registration_closed"


class InvalidCredentials(NotAuthenticated):
    """The user name or the password is wrong."""

    detail = "Invalid credentials"
    code = "invalid_credentials"


class InvalidToken(NotAuthenticated):
    """The token is not ours, expired, or its session has ended."""

    detail = "Could not validate credentials"
    code = "invalid_token"


class AccountErased(InvalidToken):
    """The account was erased while the request ran."""


class HashingBusy(Busy):
    """Too many passwords are being checked at once."""

    detail = "Too many people are logging in at once. Try again in a moment."
    code = "busy"
