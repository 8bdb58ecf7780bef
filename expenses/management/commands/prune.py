"""`manage.py prune [--dry-run]`: deletes what has expired. It is meant to run daily."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.sessions.models import Session as AdminSession
from django.core.management.base import BaseCommand
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Counter, Session


def expired() -> dict[str, QuerySet[Any]]:
    """What `prune` deletes, by its name for people."""
    return {
        "expired sessions": Session.objects.expired(),
        "counters whose window has ended": Counter.objects.expired(),
        "expired logins of the admin": AdminSession.objects.filter(expire_date__lte=timezone.now()),
    }


class Command(BaseCommand):
    help = "Deletes expired sessions and counters. Run it daily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be deleted.")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        for name, rows in expired().items():
            count = rows.count() if dry_run else rows.delete()[0]
            self.stdout.write(f"{count} {name} {'would be ' if dry_run else ''}deleted.")
