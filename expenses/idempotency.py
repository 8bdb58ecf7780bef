"""Requests that can be sent again without being done again: draft-ietf-httpapi-idempotency-key-header-07."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.utils import timezone
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from accounts.models import RevisionCounter
from expense_tracker.api.renderers import to_json
from expense_tracker.db.errors import is_lock_timeout
from expense_tracker.db.transactions import atomic_write
from expense_tracker.monitoring.metrics import IDEMPOTENT_REPLAYS, count
from expenses.exceptions import InvalidKey, KeyReused, StillInProgress
from expenses.models import IdempotencyRecord
from expenses.models.idempotency_record import MAX_KEY_LENGTH
from expenses.openapi import IDEMPOTENCY_HEADERS

KEY = re.compile(rf"[!-~]{{1,{MAX_KEY_LENGTH}}}")
REPLAYED_HEADERS = ("Location", "ETag")


def idempotent(action: Callable[..., Response]) -> Callable[..., Response]:
    """Run the view's action, or replay the stored response if this user sent the same request with this key in the last
    24 hours.

    Concurrent requests wait for the user's revision counter; the record commits together with the work. A request that
    is refused raises, and so leaves no record. Raise InvalidKey, KeyReused, and StillInProgress where the wait was too
    long."""

    @wraps(action)
    def run(view: Any, request: AuthenticatedRequest, **kwargs: Any) -> Response:
        key = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is None:
            return action(view, request, **kwargs)
        if not KEY.fullmatch(key):
            raise InvalidKey
        try:
            return first_response(request, key, lambda: action(view, request, **kwargs))
        except OperationalError as error:
            if is_lock_timeout(error):
                raise StillInProgress from error
            raise

    run.headers = IDEMPOTENCY_HEADERS  # type: ignore[attr-defined]  # what the OpenAPI document says of them
    return run


def fingerprint(request: AuthenticatedRequest) -> str:
    """Return what makes two requests the same one: method, path, query and the parsed body."""
    digest = hashlib.sha256()
    for part in (request.method or "", request.path, request.META.get("QUERY_STRING", "")):
        digest.update(part.encode() + b"\n")
    files = {name: file_digest(file) for name, file in request.FILES.items()}
    digest.update(orjson.dumps([files or request.data], option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()


def file_digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@atomic_write
def first_response(request: AuthenticatedRequest, key: str, work: Callable[[], Response]) -> Response:
    sent = fingerprint(request)
    RevisionCounter.objects.lock(user_id=request.user.pk)
    record = IdempotencyRecord.objects.filter(owner=request.user, key=key).first()
    if record is not None and not record.is_expired:
        if record.fingerprint != sent:
            raise KeyReused(location=record.headers.get("Location"))
        count(IDEMPOTENT_REPLAYS)
        headers = record.headers | {"Idempotency-Replayed": "true"}
        return Response(orjson.loads(record.body), status=record.status, headers=headers)
    response = work()
    stored = {
        "fingerprint": sent,
        "status": response.status_code,
        "body": to_json(response.data).decode(),
        "headers": {name: response[name] for name in REPLAYED_HEADERS if name in response},
        "created_at": timezone.now(),
    }
    IdempotencyRecord.objects.update_or_create(owner=request.user, key=key, defaults=stored)
    return response
