"""Requests that can be sent again without being done again: draft-ietf-httpapi-idempotency-key-header-07."""

import hashlib
import re
from collections.abc import Callable

import orjson
from django.db import OperationalError
from django.utils import timezone
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from accounts.models import RevisionCounter
from expense_tracker.api.renderers import to_json
from expense_tracker.db.errors import is_lock_timeout
from expense_tracker.db.transactions import atomic_write
from expenses.exceptions import KeyReused, StillInProgress
from expenses.models import IdempotencyRecord
from expenses.models.idempotency_record import MAX_KEY_LENGTH

KEY = re.compile(rf"[!-~]{{1,{MAX_KEY_LENGTH}}}")
REPLAYED_HEADERS = ("Location", "ETag")


class InvalidKey(APIException):
    status_code = 400
    default_detail = f"Idempotency-Key must be 1 to {MAX_KEY_LENGTH} visible ASCII characters."
    default_code = "invalid_idempotency_key"


def fingerprint(request: AuthenticatedRequest) -> str:
    body = hashlib.sha256(request.body).hexdigest()
    parts = (request.method or "", request.path, request.META.get("QUERY_STRING", ""), body)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def idempotent(request: AuthenticatedRequest, work: Callable[[], Response]) -> Response:
    """`work()`, or, where the user has sent the same request with the same key in the last 24 hours, what was answered
    then. Rivals wait for the ledger: the key is looked up under its lock, and the record commits with the work. A
    request that is refused raises, and so leaves no record.

    Raises InvalidKey, KeyReused, and StillInProgress where the wait was too long."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return work()
    if not KEY.fullmatch(key):
        raise InvalidKey
    try:
        return first_answer(request, key, fingerprint(request), work)
    except OperationalError as error:
        if is_lock_timeout(error):
            raise StillInProgress from error
        raise


@atomic_write
def first_answer(request: AuthenticatedRequest, key: str, sent: str, work: Callable[[], Response]) -> Response:
    RevisionCounter.objects.lock(user_id=request.user.pk)
    record = IdempotencyRecord.objects.filter(owner=request.user, key=key).first()
    if record is not None and not record.is_expired:
        if record.fingerprint != sent:
            raise KeyReused
        headers = record.headers | {"Idempotency-Replayed": "true"}
        return Response(orjson.loads(record.body), status=record.status, headers=headers)
    response = work()
    answer = {
        "fingerprint": sent,
        "status": response.status_code,
        "body": to_json(response.data).decode(),
        "headers": {name: response[name] for name in REPLAYED_HEADERS if name in response},
        "created_at": timezone.now(),
    }
    IdempotencyRecord.objects.update_or_create(owner=request.user, key=key, defaults=answer)
    return response
