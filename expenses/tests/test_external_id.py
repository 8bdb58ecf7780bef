"""external_id: the client's own id of a creation"""

from typing import Any

import orjson
import pytest
from rest_framework.test import APIClient

from expense_tracker.tests.concurrency import run_concurrently
from expenses.models import Expense
from expenses.tests.api import EXPENSES, spend

BULK = f"{EXPENSES}/bulk"
UUID = "0b7a1f6e-8f9d-4f0e-9a53-3b1a4ff6a001"
FOOD = {"amount": 2500, "category": "Food", "date": "2026-01-21"}
DELETED = "The expense with this external_id was deleted. Restore it, or send another external_id."


def test_external_id_is_in_every_response(alice: APIClient) -> None:
    expense = alice.post(EXPENSES, FOOD | {"external_id": UUID}).json()

    assert expense["external_id"] == UUID
    assert alice.get(f"{EXPENSES}/{expense['id']}").json() == expense
    assert alice.get(EXPENSES).json() == [expense]
    assert alice.get(f"{EXPENSES}/changes").json()["changed"] == [expense]
    export: Any = alice.get(f"{EXPENSES}/export?format=json")
    exported = b"".join(export.streaming_content)
    assert orjson.loads(exported) == [expense]
    assert spend(alice)["external_id"] is None


@pytest.mark.parametrize(("path", "status"), [(EXPENSES, 201), ("/api/create", 200)])
def test_creating_again_returns_the_existing_expense_and_allocates_no_revision(
    alice: APIClient, path: str, status: int
) -> None:
    first = alice.post(path, FOOD | {"external_id": UUID})
    changed = alice.patch(first["Location"], {"amount": 3000}).json()

    again = alice.post(path, FOOD | {"external_id": UUID, "amount": 1})

    assert (first.status_code, again.status_code) == (status, 200)
    assert again.json() == changed
    assert again["Idempotency-Replayed"] == "true"
    assert (again["Location"], again["ETag"]) == (first["Location"], '"2"')
    assert alice.get(EXPENSES).json() == [changed]
    assert spend(alice)["revision"] == 3


def test_external_id_belongs_to_its_owner(alice: APIClient, bob: APIClient) -> None:
    hers = alice.post(EXPENSES, FOOD | {"external_id": UUID})
    his = bob.post(EXPENSES, FOOD | {"external_id": UUID})

    assert (hers.status_code, his.status_code) == (201, 201)
    assert hers.json()["id"] != his.json()["id"]
    assert bob.get(EXPENSES).json() == [his.json()]


def test_external_id_never_changes(alice: APIClient) -> None:
    expense = alice.post(EXPENSES, FOOD | {"external_id": UUID}).json()
    path = f"{EXPENSES}/{expense['id']}"

    for response in (
        alice.patch(path, {"external_id": "other"}),
        alice.put(path, FOOD | {"external_id": None}),
        alice.post(BULK, {"update": [{"id": expense["id"], "external_id": "other"}]}),
    ):
        assert response.status_code == 200
    assert alice.get(path).json()["external_id"] == UUID


def test_creating_a_deleted_expense_again_returns_409_with_its_location(alice: APIClient) -> None:
    location = alice.post(EXPENSES, FOOD | {"external_id": UUID})["Location"]
    alice.delete(location)

    response = alice.post(EXPENSES, FOOD | {"external_id": UUID})

    assert response.status_code == 409
    assert response["Location"] == location
    assert response.json()["detail"] == DELETED
    assert alice.post(f"{location}/restore").status_code == 200
    assert alice.post(EXPENSES, FOOD | {"external_id": UUID}).status_code == 200


def test_purging_a_deleted_expense_forgets_its_external_id(alice: APIClient) -> None:
    location = alice.post(EXPENSES, FOOD | {"external_id": UUID})["Location"]
    alice.delete(location)

    assert Expense.objects.all().purge() == 1

    assert alice.post(EXPENSES, FOOD | {"external_id": UUID}).status_code == 201


def test_bulk_returns_existing_expenses_in_place(alice: APIClient) -> None:
    known = alice.post(EXPENSES, FOOD | {"external_id": "a"}).json()

    response = alice.post(BULK, {"create": [FOOD | {"external_id": "b"}, FOOD | {"external_id": "a"}, FOOD]})

    created = response.json()["created"]
    assert response.status_code == 200
    assert created[1] == known
    assert [each["external_id"] for each in created] == ["b", "a", None]
    assert [each["revision"] for each in created] == [2, 1, 3]
    assert alice.get(EXPENSES)["X-Total-Count"] == "3"


def test_bulk_reports_every_deleted_expense(alice: APIClient) -> None:
    alice.delete(alice.post(EXPENSES, FOOD | {"external_id": "a"})["Location"])

    response = alice.post(BULK, {"create": [FOOD, FOOD | {"external_id": "a"}]})

    assert response.status_code == 409
    [error] = response.json()["errors"]
    assert error == {"detail": DELETED, "code": "deleted", "pointer": "#/create/1/external_id"}
    assert alice.get(EXPENSES).json() == []


def test_bulk_refuses_one_external_id_twice(alice: APIClient) -> None:
    response = alice.post(BULK, {"create": [FOOD | {"external_id": "a"}] * 2})

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/create/1/external_id"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "This field may not be blank."),
        ("x" * 65, "Ensure this field has no more than 64 characters."),
        ("two words", "Enter 1 to 64 visible ASCII characters, e.g. a UUID."),
        ("ä", "Enter 1 to 64 visible ASCII characters, e.g. a UUID."),
        (7, "Enter 1 to 64 visible ASCII characters, e.g. a UUID."),
    ],
)
def test_invalid_external_id_returns_400_with_pointer(alice: APIClient, value: Any, message: str) -> None:
    response = alice.post(EXPENSES, FOOD | {"external_id": value})

    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert (error["detail"], error["pointer"]) == (message, "#/external_id")


@pytest.mark.django_db(transaction=True)
def test_concurrent_creations_store_one(alice: APIClient) -> None:
    responses = run_concurrently(lambda _device: alice.post(EXPENSES, FOOD | {"external_id": UUID}))

    assert sorted(response.status_code for response in responses) == [200] * 7 + [201]
    assert len({response.json()["id"] for response in responses}) == 1
    assert spend(alice)["revision"] == 2
