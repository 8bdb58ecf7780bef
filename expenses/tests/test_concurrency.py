"""Many devices of one person write at once, on the real database."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import actions
from accounts.models import Ledger, User
from expense_tracker.tests.parallel import DEVICES, at_once, meanwhile
from expenses.models import Expense

WRITES = 5
LUNCH = {"amount": 2500, "category": "Food", "description": "Lunch"}
AUTHENTICATION = 'FROM "accounts_session"'


@pytest.mark.django_db(transaction=True)
def test_every_answered_creation_is_there_with_a_revision_of_its_own(alice: APIClient) -> None:
    def create(device: int) -> list[Any]:
        return [
            alice.post("/api/expenses", {"amount": device * WRITES + write + 1, "category": "Food"})
            for write in range(WRITES)
        ]

    answers = [answer for device in at_once(create) for answer in device]

    assert {answer.status_code for answer in answers} == {201}
    written = sorted((answer.json() for answer in answers), key=lambda expense: expense["revision"])
    assert [expense["revision"] for expense in written] == list(range(1, DEVICES * WRITES + 1))
    stored = alice.get("/api/expenses").json()
    assert sorted(stored, key=lambda expense: expense["revision"]) == written


@pytest.mark.django_db(transaction=True)
def test_updates_of_one_expense_come_one_after_the_other(alice: APIClient) -> None:
    path = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    def update(device: int) -> list[Any]:
        return [alice.patch(path, {"amount": device * WRITES + write + 1}) for write in range(WRITES)]

    answers = [answer for device in at_once(update) for answer in device]

    assert {answer.status_code for answer in answers} == {200}
    written = sorted((answer.json() for answer in answers), key=lambda expense: expense["revision"])
    assert [expense["revision"] for expense in written] == list(range(2, DEVICES * WRITES + 2))
    assert alice.get(path).json() == written[-1]


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_deletions_of_one_expense_succeeds(alice: APIClient) -> None:
    path = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    answers = at_once(lambda _device: alice.delete(path).status_code)

    assert sorted(answers) == [200] + [404] * (DEVICES - 1)
    assert alice.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["revision"] == 3


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_overtaken_is_made_to_what_the_other_left(alice: APIClient) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with meanwhile(lambda: alice.patch(path, {"category": "Fun", "description": "Cinema"}), after=AUTHENTICATION):
        answer = alice.patch(path, {"amount": 1})

    body = answer.json()
    assert (body["amount"], body["category"], body["description"], body["revision"]) == (1, "Fun", "Cinema", 3)
    assert alice.get(path).json() == body
    assert alice.get("/api/expenses?search=cinema").json() == [body]
    assert Ledger.objects.get().revision == 3


@pytest.mark.django_db(transaction=True)
def test_a_change_is_overtaken_by_one_of_another_expense_and_takes_the_number_after_it(alice: APIClient) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with meanwhile(lambda: alice.post("/api/expenses", LUNCH), after=AUTHENTICATION):
        answer = alice.put(path, LUNCH, HTTP_IF_MATCH='"1"')

    assert answer.status_code == 200
    assert answer["ETag"] == '"3"'


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_change_that_is_overtaken_after_its_precondition_was_true_is_refused(alice: APIClient, method: str) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with meanwhile(lambda: alice.patch(path, {"amount": 1}), after=AUTHENTICATION):
        answer = getattr(alice, method)(path, LUNCH, HTTP_IF_MATCH='"1"')

    assert answer.status_code == 412
    assert answer.json() == {"detail": "It has changed since you read it; read it again."}
    assert (alice.get(path).json()["amount"], Ledger.objects.get().revision) == (1, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_what_is_deleted_meanwhile_is_not_changed(alice: APIClient, method: str) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"]

    with meanwhile(lambda: alice.delete(path), after=AUTHENTICATION):
        answer = getattr(alice, method)(path, LUNCH)

    assert answer.status_code == 404
    assert answer.json() == {"detail": "Not found"}
    assert (Expense.objects.get().revision, Ledger.objects.get().revision) == (2, 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_write_that_an_erasure_overtakes_leaves_nothing(alice: APIClient, method: str) -> None:
    path = alice.post("/api/expenses", LUNCH)["Location"] if method != "post" else "/api/expenses"

    with meanwhile(lambda: actions.erase_account(user=User.objects.get()), after=AUTHENTICATION):
        answer = getattr(alice, method)(path, LUNCH)

    assert answer.status_code == 401
    assert answer.json() == {"detail": "Could not validate credentials"}
    assert not Expense.objects.exists()
    assert not Ledger.objects.exists()
