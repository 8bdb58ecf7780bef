"""`manage.py prune [--dry-run]`: deletes what has expired, and merges totals. It is meant to run daily."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AdminSession, RateCounter, Session
from expense_tracker.dates import today
from expense_tracker.monitoring.metrics import record_prune
from expenses.models import Expense, ExpenseQuerySet, IdempotencyRecord, SpendingTotal


def expired() -> dict[str, QuerySet[Any]]:
    """Return the rows that `prune` deletes, by a name for users."""
    return {
        "expired sessions": Session.objects.expired(),
        "counters whose window has ended": RateCounter.objects.expired(),
        "answers kept for idempotency keys": IdempotencyRecord.objects.expired(),
        "expired logins of the admin": AdminSession.objects.filter(expire_date__lte=timezone.now()),
    }


def forgotten() -> ExpenseQuerySet:
    """Deleted expenses that cannot be restored any more."""
    return Expense.objects.in_trash().filter(deleted_at__lte=timezone.now() - timedelta(days=settings.BIN_DAYS))


class Command(BaseCommand):
    help = "Deletes what has expired, blanks what has been in the trash for too long, merges totals. Run it daily."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be deleted.")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        would_be = "would be " if dry_run else ""
        counts = {name: rows.count() if dry_run else rows.delete()[0] for name, rows in expired().items()}
        for name, count in counts.items():
            self.stdout.write(f"{count} {name} {would_be}deleted.")
        count = forgotten().count() if dry_run else forgotten().purge()
        self.stdout.write(f"{count} deleted expenses {would_be}blanked.")
        if not dry_run:
            # The overview compares days of this month with those of the last.
            merged = SpendingTotal.objects.merge(days_since=today() - timedelta(days=31))
            self.stdout.write(f"{merged} rows of totals merged into others.")
            if settings.METRICS_TOKEN:
                record_prune(counts | {"deleted expenses": count, "merged totals": merged})
