"""Domain exceptions of accounts, sessions and limits."""

from expense_tracker.exceptions import Busy, Fault, InvalidInput, LimitReached, NotAuthenticated, NotPermitted


class UserAlreadyExists(InvalidInput):
    """The user name is taken, in this or another case or width of its letters."""

    detail = "User already exists"
    code = "user_exists"

    def __init__(self) -> None:
        super().__init__(faults=[Fault(("username",), UserAlreadyExists)])


class RegistrationClosed(NotPermitted):
    detail = "Registration is closed. Ask whoever runs this service for an account."
    code = "registration_closed"


class InvalidCredentials(NotAuthenticated):
    """The user name or the password is wrong, or the account is inactive."""

    detail = "Invalid credentials"
    code = "invalid_credentials"


class UnsupportedGrantType(InvalidInput):
    """The grant type of a form (RFC 6749) is none that this endpoint takes."""

    code = "unsupported_grant_type"


class InvalidToken(NotAuthenticated):
    """The token is malformed, of another kind, or not signed by us."""

    detail = "Could not validate credentials"
    code = "token_invalid"


class TokenExpired(InvalidToken):
    """The token's time is over."""

    code = "token_expired"


class SessionEnded(InvalidToken):
    """The token is valid, but its session, or its user's account, has ended."""

    code = "session_ended"


class AccountErased(SessionEnded):
    """The account was erased while the request ran."""


class CredentialsChanged(SessionEnded):
    """The password changed, or the account was deactivated, after the caller was authenticated."""


class PersonalTokenNotAllowed(NotPermitted):
    """Only a login may do this."""

    detail = "A personal access token cannot open further sessions."
    code = "personal_token"


class TooManyAttempts(LimitReached):
    """Too many passwords were tried, or accounts registered."""

    detail = "Too many attempts."
    limit = "attempts"


class HashingBusy(Busy):
    """Too many passwords are being checked at once."""

    detail = "Too many people are logging in at once. Try again in a moment."
    code = "busy"
    limit = "password_hashes"
