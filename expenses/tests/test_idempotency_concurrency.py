"""Idempotency-Key of requests at the same time"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from django.conf import settings
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expense_tracker.db.url import TIMEOUTS
from expense_tracker.tests.concurrency import run_concurrently, with_own_connection
from expenses.tests.keyed import BULK, EXPENSES, FOOD, REQUESTS, post


@pytest.mark.django_db(transaction=True)
@REQUESTS
def test_concurrent_requests_with_one_key_run_once_and_get_the_same_response(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch, path: str, body: Any, status: int
) -> None:
    monkeypatch.setattr("expense_tracker.tests.concurrency.DEVICES", 20)

    responses = run_concurrently(lambda _device: post(alice, path, body))

    assert {
        (response.status_code, response.content, response.get("Location"), response.get("ETag"))
        for response in responses
    } == {(status, responses[0].content, responses[0].get("Location"), responses[0].get("ETag"))}
    assert sorted(response.get("Idempotency-Replayed", "") for response in responses) == [""] + ["true"] * 19
    [stored] = alice.get(EXPENSES).json()
    answered = orjson.loads(responses[0].content)
    assert (answered["created"] if path == BULK else [answered]) == [stored]
    assert alice.post(EXPENSES, FOOD).json()["revision"] == 2


@contextmanager
def counter_held(user: User) -> Iterator[None]:
    """Another connection has locked the revision counter, and this one waits for a tenth of a second only."""
    locked, release = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            RevisionCounter.objects.lock(user_id=user.pk)
            locked.set()
            release.wait(timeout=10)

    # Behind a pooler each transaction sets its own time-outs, and the session is not ours to set any.
    if not settings.DATABASE_POOLER:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET lock_timeout = '100ms'" if connection.vendor == "postgresql" else "PRAGMA busy_timeout = 100"
            )
    with patch.dict(TIMEOUTS, lock_timeout="100ms"), ThreadPoolExecutor(1) as pool:
        holder = pool.submit(with_own_connection, hold)
        try:
            assert locked.wait(timeout=10)
            yield
        finally:
            release.set()
            connection.close()
        holder.result()


@pytest.mark.django_db(transaction=True)
@REQUESTS
def test_rival_of_a_slow_request_gets_409(alice: APIClient, path: str, body: Any, status: int) -> None:
    alice.put("/api/budgets", {"category": None, "amount": 1})
    with counter_held(User.objects.get()):
        response = post(alice, path, body)
        without_key = alice.post(path, body)

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert response["Retry-After"] == "1"
    assert response.json() == {
        "detail": "A request with this Idempotency-Key may still be in progress. Try again in a moment.",
        "code": "in_progress",
    }
    # Nobody can say that this one is in progress.
    assert (without_key.status_code, without_key["Retry-After"]) == (503, "1")
    again = post(alice, path, body)
    assert (again.status_code, "Idempotency-Replayed" in again) == (status, False)
    assert len(alice.get(EXPENSES).json()) == 1
