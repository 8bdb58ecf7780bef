"""Many devices of one person write at once, on the real database."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import actions
from accounts.models import RevisionCounter, User
from expense_tracker.tests.concurrency import DEVICES, interleave, run_concurrently
from expenses.models import Expense

WRITES = 5
LUNCH = {"amount": 2500, "category": "Food", "description": "Lunch"}
AUTHENTICATION = 'FROM "accounts_session"'


@pytest.mark.django_db(transaction=True)
def test_parallel_creations_get_distinct_revisions(alice: APIClient) -> None:
    def create(device: int) -> list[Any]:
        return [
            alice.post("/api/expenses", {"amount": device * WRITES + write + 1, "category": "Food"})
            for write in range(WRITES)
        ]

    responses = [response for device in run_concurrently(create) for response in device]

    assert {response.status_code for response in responses} == {201}
    written = sorted((response.json() for response in responses), key=lambda expense: expense["revision"])
    assert [expense["revision"] for expense in written] == list(range(1, DEVICES * WRITES + 1))
    stored = alice.get("/api/expenses").json()
    assert sorted(stored, key=lambda expense: expense["revision"]) == written


@pytest.mark.django_db(transaction=True)
def test_parallel_updates_of_one_expense_are_serialized(alice: APIClient) -> None:
    path = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    def update(device: int) -> list[Any]:
        return [alice.patch(path, {"amount": device * WRITES + write + 1}) for write in range(WRITES)]

    responses = [response for device in run_concurrently(update) for response in device]

    assert {response.status_code for response in responses} == {200}
    written = sorted((response.json() for response in responses), key=lambda expense: expense["revision"])
    assert [expense["revision"] for expense in written] == list(range(2, DEVICES * WRITES + 2))
    assert alice.get(path).json() == written[-1]


@pytest.mark.django_db(transaction=True)
def test_one_of_many_parallel_deletions_succeeds(alice: APIClient) -> None:
    path = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    responses = run_concurrently(lambda _device: alice.delete(path).status_code)

    assert sorted(responses) == [200] + [404] * (DEVICES - 1)
    assert alice.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["revision"] == 3


@pytest.mark.django_db(transaction=True)
def test_overtaken_change_applies_to_the_newer_row(alice: APIClient) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with interleave(lambda: alice.patch(path, {"category": "Fun", "description": "Cinema"}), after=AUTHENTICATION):
        response = alice.patch(path, {"amount": 1})

    body = response.json()
    assert (body["amount"], body["category"], body["description"], body["revision"]) == (1, "Fun", "Cinema", 3)
    assert alice.get(path).json() == body
    assert alice.get("/api/expenses?search=cinema").json() == [body]
    assert RevisionCounter.objects.get().revision == 3


@pytest.mark.django_db(transaction=True)
def test_change_overtaken_by_another_expense_gets_the_next_revision(alice: APIClient) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with interleave(lambda: alice.post("/api/expenses", LUNCH), after=AUTHENTICATION):
        response = alice.put(path, LUNCH, HTTP_IF_MATCH='"1"')

    assert response.status_code == 200
    assert response["ETag"] == '"3"'


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_change_overtaken_after_its_precondition_returns_412(alice: APIClient, method: str) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with interleave(lambda: alice.patch(path, {"amount": 1}), after=AUTHENTICATION):
        response = getattr(alice, method)(path, LUNCH, HTTP_IF_MATCH='"1"')

    assert response.status_code == 412
    assert response.json() == {
        "detail": "It has changed since you read it; read it again.",
        "code": "precondition_failed",
    }
    assert (alice.get(path).json()["amount"], RevisionCounter.objects.get().revision) == (1, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_expense_deleted_meanwhile_is_not_changed(alice: APIClient, method: str) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with interleave(lambda: alice.delete(path), after=AUTHENTICATION):
        response = getattr(alice, method)(path, LUNCH)

    assert response.status_code == 404
    assert response.json() == {"detail": "Not found", "code": "not_found"}
    assert (Expense.objects.get().revision, RevisionCounter.objects.get().revision) == (2, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_write_overtaken_by_an_erasure_stores_nothing(alice: APIClient, method: str) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"] if method != "post" else "/api/expenses"

    with interleave(lambda: actions.erase_account(user=User.objects.get()), after=AUTHENTICATION):
        response = getattr(alice, method)(path, LUNCH)

    assert response.status_code == 401
    assert response.json() == {"detail": "Could not validate credentials", "code": "session_ended"}
    assert not Expense.objects.exists()
    assert not RevisionCounter.objects.exists()
