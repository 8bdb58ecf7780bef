"""`manage.py reset_password USERNAME`: for somebody who has forgotten theirs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.models import User


class Command(BaseCommand):
    help = "Prints a new password for a user, which logs in once, and ends all their sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="In any case.")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        try:
            password = actions.reset_password(username=username)
        except User.DoesNotExist:
            raise CommandError(f"There is no active user {username}.") from None
        self.stdout.write(f"All sessions of {username} are ended. This password logs in once:\n{password}")
