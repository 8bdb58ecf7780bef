"""`manage.py after_restore`: to be run once when a backup has been restored, before clients come back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import RevisionCounter, Session
from expense_tracker.db.migrations import has_unapplied_migrations


class Command(BaseCommand):
    help = "Makes sure that no client trusts a cursor, an entity tag or a token from after the backup."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if has_unapplied_migrations():
            raise CommandError("Run `manage.py migrate` first; nothing was changed.")
        counters = RevisionCounter.objects.skip_lost_revisions()
        sessions = Session.objects.all().revoke()
        self.stdout.write(f"{counters} revision counters moved forward, {sessions} sessions ended.")
