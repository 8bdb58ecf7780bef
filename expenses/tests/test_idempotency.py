"""Idempotency-Key on POST /api/create, /api/expenses and /api/expenses/bulk"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.core.management import call_command
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from accounts.authentication import AuthenticatedRequest
from expenses.idempotency import fingerprint
from expenses.models import IdempotencyRecord
from expenses.tests.keyed import BULK, CREATE, EXPENSES, FOOD, REQUESTS, post

REUSED = {"detail": "This Idempotency-Key was used for another request.", "code": "key_reused"}
DAY = timedelta(hours=24)


def age(by: timedelta) -> None:
    """Make all records that old."""
    IdempotencyRecord.objects.update(created_at=timezone.now() - by)


@REQUESTS
def test_repeated_request_is_replayed_byte_for_byte(alice: APIClient, path: str, body: Any, status: int) -> None:
    first = post(alice, path, body)
    assert first.status_code == status
    assert ("Location" in first, "ETag" in first) == (path != BULK, path != BULK)
    assert "Idempotency-Replayed" not in first
    [stored] = alice.get(EXPENSES).json()
    alice.patch(f"{EXPENSES}/{stored['id']}", {"amount": 1})

    for _ in range(2):
        again = post(alice, path, body)

        assert (again.status_code, again.content) == (status, first.content)
        assert again["Idempotency-Replayed"] == "true"
        for name in ("Content-Type", "Location", "ETag"):
            assert again.get(name) == first.get(name)
    # One number for the first response, one for the change, none for the replays.
    assert alice.post(EXPENSES, FOOD).json()["revision"] == 3
    assert len(alice.get(EXPENSES).json()) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (CREATE, {"amount": 1, "category": "Food"}),
        (BULK, {"create": [{"amount": 1, "category": "Food"}]}),
        (f"{EXPENSES}?", {"amount": 2, "category": "Food"}),
        (EXPENSES, {"amount": 0, "category": "Food"}),
    ],
    ids=["path", "bulk", "body", "invalid body"],
)
def test_other_request_with_the_same_key_returns_422(alice: APIClient, path: str, body: Any) -> None:
    first = post(alice, EXPENSES, {"amount": 1, "category": "Food"})

    response = post(alice, path, body)

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == REUSED
    assert alice.get(EXPENSES).json() == [first.json()]
    assert post(alice, EXPENSES, {"amount": 1, "category": "Food"}).content == first.content


def test_fingerprint_covers_the_method() -> None:
    def fingerprint_of(method: str) -> str:
        return fingerprint(cast(AuthenticatedRequest, Request(APIRequestFactory().generic(method, EXPENSES))))

    assert len({fingerprint_of(method) for method in ("POST", "PUT", "PATCH", "DELETE")}) == 4


@REQUESTS
def test_invalid_key_returns_400(alice: APIClient, path: str, body: Any, status: int) -> None:
    for key in ("", " ", "a b", " a", "a\tb", "a\n", "\x7f", "é", "\u0661", "x" * 256):
        response = post(alice, path, body, key)
        assert response.status_code == 400, key
        assert response["Content-Type"] == "application/problem+json"
        assert response.json() == {
            "detail": "Idempotency-Key must be 1 to 255 visible ASCII characters.",
            "code": "invalid_idempotency_key",
        }

    assert alice.get(EXPENSES).json() == []


@pytest.mark.parametrize("key", ["!", "~", "x" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a,b;c=%00"])
def test_any_visible_ascii_characters_are_a_valid_key(alice: APIClient, key: str) -> None:
    first = post(alice, EXPENSES, FOOD, key)

    assert first.status_code == 201
    assert post(alice, EXPENSES, FOOD, key).content == first.content
    assert post(alice, EXPENSES, FOOD, "another").json()["id"] != first.json()["id"]


def test_keys_are_case_sensitive_and_belong_to_their_user(alice: APIClient, bob: APIClient) -> None:
    responses = [post(client, EXPENSES, FOOD, key) for client, key in ((alice, "key"), (bob, "key"), (alice, "KEY"))]

    assert [response.status_code for response in responses] == [201] * 3
    assert not any("Idempotency-Replayed" in response for response in responses)
    assert bob.get(EXPENSES).json() == [responses[1].json()]
    assert post(bob, EXPENSES, FOOD | {"amount": 1}).json() == REUSED


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (CREATE, {"amount": 0, "category": "Food"}, 400),
        (EXPENSES, {"amount": 0, "category": "Food"}, 400),
        (EXPENSES, {"amount": 1, "category": "x" * 2**16}, 413),
        (BULK, {"create": [{"amount": 0, "category": "Food"}]}, 400),
        (BULK, {"create": [FOOD], "delete": [999_999]}, 404),
        (BULK, {"create": [FOOD], "update": [{"id": 0, "if_revision": 0}]}, 412),
        (BULK, {"create": [{"amount": 1, "category": "x" * 2**22}]}, 413),
    ],
)
def test_refused_request_leaves_no_record(alice: APIClient, path: str, body: Any, status: int) -> None:
    if status == 412:
        body["update"][0]["id"] = alice.post(EXPENSES, FOOD).json()["id"]
    tag = alice.get(EXPENSES)["ETag"]

    for _ in range(2):
        response = post(alice, path, body)
        assert response.status_code == status
        assert "Idempotency-Replayed" not in response

    assert alice.get(EXPENSES)["ETag"] == tag
    assert not IdempotencyRecord.objects.exists()
    assert post(alice, EXPENSES, FOOD).status_code == 201


def test_request_without_a_key_leaves_no_record(alice: APIClient) -> None:
    assert alice.post(EXPENSES, FOOD).status_code == 201
    assert not IdempotencyRecord.objects.exists()


def test_response_is_kept_for_a_day(alice: APIClient) -> None:
    first = post(alice, EXPENSES, FOOD)
    age(DAY - timedelta(minutes=1))
    assert post(alice, EXPENSES, FOOD).content == first.content
    age(DAY)

    # Another request may use the key now, and its response is kept in turn.
    second = post(alice, EXPENSES, FOOD | {"amount": 1})

    assert (second.status_code, "Idempotency-Replayed" in second) == (201, False)
    assert second.json()["id"] != first.json()["id"]
    replayed = post(alice, EXPENSES, FOOD | {"amount": 1})
    assert (replayed.content, replayed["Idempotency-Replayed"]) == (second.content, "true")


def test_prune_deletes_responses_older_than_a_day(alice: APIClient, capsys: pytest.CaptureFixture[str]) -> None:
    for key in ("yesterday", "before"):
        post(alice, EXPENSES, FOOD, key)
    age(DAY)
    post(alice, EXPENSES, FOOD, "today")

    call_command("prune")

    assert "2 answers kept for idempotency keys deleted.\n" in capsys.readouterr().out
    assert IdempotencyRecord.objects.get().key == "today"
    assert len(alice.get(EXPENSES).json()) == 3


def test_replay_runs_four_statements_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    post(alice, EXPENSES, FOOD)

    # authentication, savepoint (the test's transaction is around it), counter, record, release
    with django_assert_num_queries(5):
        post(alice, EXPENSES, FOOD)


def test_order_of_members_does_not_matter(alice: APIClient) -> None:
    first = post(alice, EXPENSES, {"amount": 1, "category": "Food"})

    again = post(alice, EXPENSES, {"category": "Food", "amount": 1})

    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (201, first.content, "true")
