"""Users and their pages in the admin."""

from django.contrib.admin.models import LogEntry

from accounts.models import User
from accounts.tests.api import log_in

USERS = "/admin/accounts/user/"
NEW_PASSWORD = "AnotherPassword456!"


def user_of(username: str) -> User:
    return User.objects.get(username=username)


def page_of(username: str, page: str = "change") -> str:
    return f"{USERS}{user_of(username).pk}/{page}/"


def history(username: str) -> list[tuple[str, str]]:
    entries = LogEntry.objects.filter(object_id=user_of(username).pk)
    return [(entry.user.username, entry.get_change_message()) for entry in entries]


def login_status(username: str, password: str) -> int:
    return int(log_in(username, password).status_code)
