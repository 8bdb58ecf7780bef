"""`manage.py after_restore`: to be run once when a backup has been restored, before clients come back."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import F

from accounts.models import RevisionCounter, Session, User


class Command(BaseCommand):
    help = "Makes sure that no client trusts a cursor, an entity tag or a token from after the backup."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        RevisionCounter.objects.bulk_create(
            RevisionCounter(user=user) for user in User.objects.filter(revision_counter=None)
        )
        ahead = F("revision") + RevisionCounter.RESTORE_GAP
        ledgers = RevisionCounter.objects.update(revision=ahead, restored_at=ahead)
        sessions = Session.objects.all().revoke()
        self.stdout.write(
            f"{ledgers} ledgers moved forward by {RevisionCounter.RESTORE_GAP}, {sessions} sessions ended."
        )
