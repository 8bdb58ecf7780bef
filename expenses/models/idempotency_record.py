"""Responses to requests with an Idempotency-Key."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import User

MAX_KEY_LENGTH = 255


class IdempotencyRecordQuerySet(models.QuerySet["IdempotencyRecord"]):
    def expired(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - IdempotencyRecord.KEPT)


class IdempotencyRecord(models.Model):
    """The first answer to a request with an Idempotency-Key; it is committed together with what the request did."""

    KEPT = timedelta(hours=24)

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=MAX_KEY_LENGTH)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path, query and body.")
    status = models.PositiveSmallIntegerField()
    body = models.TextField(help_text="JSON")
    headers = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = IdempotencyRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="expenses_idempotencyrecord_owner_key_unique")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_expired(self) -> bool:
        return self.created_at <= timezone.now() - self.KEPT
