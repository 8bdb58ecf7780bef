"""Revisions that were lost with a restored backup."""

from django.db import models

from accounts.models.user import User


class RestoreGap(models.Model):
    """The revisions that a user's counter skipped when a backup was restored: one row per user and restore.

    Between its ends are the revisions that were issued after the backup was made: a client that knows one of them has
    seen what the database does not hold."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    last_kept = models.BigIntegerField(help_text="The counter's revision in the backup.")
    first_new = models.BigIntegerField(help_text="The counter's revision after the restore.")

    def __str__(self) -> str:
        return f"{self.user_id}: between {self.last_kept} and {self.first_new}"
