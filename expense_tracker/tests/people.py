"""Users and logged-in clients, made without the API: a registration and a login take eight times as long."""

from rest_framework.test import APIClient

from accounts import actions
from accounts.models import User
from accounts.tokens import AccessToken

PASSWORD = "SecurePassword123!"


def make_user(username: str) -> User:
    """Create a user whose password is PASSWORD."""
    return actions.register(username=username, password=PASSWORD)


def log_in(user: User) -> APIClient:
    """Open a session and return a client that sends its access token."""
    session = actions.open_session(user=user, user_agent="")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_session(session)}")
    return client
