"""POST /api/expenses/bulk: whatever is wrong, nothing is written"""

from typing import Any

import orjson
import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from expenses.models import Expense, ExpenseQuerySet
from expenses.tests.api import listed
from expenses.tests.bulk import BULK, EXPENSES, FOOD, OLDEST_FIRST, assert_refused, errors

MAX_BYTES = 2 * 1024 * 1024
NOT_THERE = "Some of the expenses are not there."
CHANGED = "Some of the expenses have changed since you read them."
TWICE = "This expense is named twice."
BAD_AMOUNT = ("Ensure this value is greater than or equal to 1.", "min_value")
REQUIRED = ("This field is required.", "required")
NO_INTEGER = ("A valid integer is required.", "invalid")


@pytest.mark.parametrize(
    ("body", "pointers", "error"),
    [
        ({"create": [FOOD, FOOD, FOOD, FOOD | {"amount": 0}]}, ["#/create/3/amount"], BAD_AMOUNT),
        ({"create": [{"category": "Food"}] * 2}, ["#/create/0/amount", "#/create/1/amount"], REQUIRED),
        ({"update": [{"amount": 1}]}, ["#/update/0/id"], REQUIRED),
        ({"update": [{"id": "1"}]}, ["#/update/0/id"], NO_INTEGER),
        ({"update": [{"id": True}]}, ["#/update/0/id"], NO_INTEGER),
        ({"update": [{"id": 1, "amount": 0}]}, ["#/update/0/amount"], BAD_AMOUNT),
        ({"update": [{"id": 1, "if_revision": "1"}]}, ["#/update/0/if_revision"], NO_INTEGER),
        ({"update": [{"id": 1, "if_revision": None}]}, ["#/update/0/if_revision"], None),
        ({"delete": [1, "2", {"id": "3"}, None]}, ["#/delete/1", "#/delete/2/id", "#/delete/3"], None),
        ({"delete": [0, 2**63]}, ["#/delete/0", "#/delete/1"], None),
        ({"create": [FOOD | {"a/b~": 1}]}, ["#/create/0/a~1b~0"], None),
        ({"create": ["Food", None]}, ["#/create/0", "#/create/1"], None),
        ({"create": FOOD}, ["#/create"], None),
        ({"update": None, "delete": None}, ["#/update", "#/delete"], ("This field may not be null.", "null")),
        (
            {"upsert": []},
            ["#/upsert"],
            ("Unknown field. Allowed fields: create, update, delete.", "unknown"),
        ),
        ([FOOD], ["#"], None),
    ],
)
def test_invalid_operation_returns_400_with_pointer(
    alice: APIClient,
    expenses: list[dict[str, Any]],
    body: Any,
    pointers: list[str],
    error: tuple[str, str] | None,
) -> None:
    response = alice.post(BULK, body)

    found = response.json()["errors"]
    assert [each["pointer"] for each in found] == pointers
    if error:
        assert found == errors(*error, pointers)
    assert_refused(alice, response, 400, expenses)


@pytest.mark.parametrize(
    ("update", "delete", "pointers"),
    [
        ([0, 1, 0], [], ["#/update/2/id"]),
        ([], [0, 1, 0, 0], ["#/delete/2", "#/delete/3"]),
        ([0, 0], [1, 0], ["#/update/1/id", "#/delete/1"]),
    ],
)
def test_repeated_id_returns_400_with_pointer(
    alice: APIClient, expenses: list[dict[str, Any]], update: list[int], delete: list[int], pointers: list[str]
) -> None:
    ids = [expense["id"] for expense in expenses]

    response = alice.post(
        BULK, {"create": [FOOD], "update": [{"id": ids[n]} for n in update], "delete": [ids[n] for n in delete]}
    )

    places = [pointer.removeprefix("#/") for pointer in pointers]
    assert response.json() == {
        "detail": " ".join(f"{place}: {TWICE}" for place in places),
        "code": "invalid",
        "errors": errors(TWICE, "repeated", pointers),
    }
    assert_refused(alice, response, 400, expenses)


def test_missing_and_stale_rows_are_reported_together(
    alice: APIClient, bob: APIClient, expenses: list[dict[str, Any]]
) -> None:
    his = bob.post(EXPENSES, FOOD).json()
    mine, stale, _, gone = (expense["id"] for expense in expenses)
    alice.delete(f"{EXPENSES}/{gone}")

    response = alice.post(
        BULK,
        {
            "create": [FOOD],
            "update": [{"id": his["id"], "amount": 1}, {"id": stale, "if_revision": 0}, {"id": gone}],
            "delete": [{"id": mine, "if_revision": 0}, 999_999, 2**63 - 1],
        },
    )

    assert response.json() == {
        "detail": CHANGED,
        "code": "precondition_failed",
        "errors": [
            *errors(NOT_THERE, "not_found", ["#/update/0/id"]),
            *errors(CHANGED, "precondition_failed", ["#/update/1/if_revision"]),
            *errors(NOT_THERE, "not_found", ["#/update/2/id"]),
            *errors(CHANGED, "precondition_failed", ["#/delete/0/if_revision"]),
            *errors(NOT_THERE, "not_found", ["#/delete/1", "#/delete/2"]),
        ],
    }
    assert response.status_code == 412
    assert response["Content-Type"] == "application/problem+json"
    assert listed(alice, OLDEST_FIRST) == expenses[:3]
    assert listed(bob, OLDEST_FIRST) == [his]
    assert alice.post(EXPENSES, FOOD).json()["revision"] == 6


def test_stale_revisions_return_412_with_all_pointers(alice: APIClient, expenses: list[dict[str, Any]]) -> None:
    ids = [expense["id"] for expense in expenses]

    response = alice.post(
        BULK,
        {
            "create": [FOOD],
            "update": [
                {"id": ids[0], "amount": 1, "if_revision": 2},
                {"id": ids[1], "amount": 1, "if_revision": 2},
                {"id": ids[2], "amount": 1, "if_revision": 0},
            ],
            "delete": [ids[3]],
        },
    )

    pointers = ["#/update/0/if_revision", "#/update/2/if_revision"]
    assert response.json() == {
        "detail": CHANGED,
        "code": "precondition_failed",
        "errors": errors(CHANGED, "precondition_failed", pointers),
    }
    assert_refused(alice, response, 412, expenses)


def test_database_failure_half_way_rolls_everything_back(
    alice: APIClient, expenses: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        assert Expense.objects.count() == 5
        raise OperationalError

    monkeypatch.setattr(ExpenseQuerySet, "bulk_save", fail)

    response = alice.post(BULK, {"create": [FOOD], "delete": [expenses[0]["id"]]})

    assert_refused(alice, response, 503, expenses)


@pytest.mark.parametrize(("create", "update", "delete"), [(1001, 0, 0), (0, 1001, 0), (0, 0, 1001), (334, 334, 333)])
def test_more_than_1000_operations_return_400(alice: APIClient, create: int, update: int, delete: int) -> None:
    response = alice.post(
        BULK,
        {
            "create": [FOOD] * create,
            "update": [{"id": number} for number in range(1, update + 1)],
            "delete": list(range(update + 1, update + delete + 1)),
        },
    )

    message = "No more than 1000 operations."
    assert response.json() == {"detail": message, "code": "invalid", "errors": errors(message, "max_length", ["#"])}
    assert_refused(alice, response, 400, [])


def padded(size: int) -> bytes:
    return orjson.dumps({"create": [FOOD]}).ljust(size)


def test_body_of_two_mebibytes_is_accepted(alice: APIClient) -> None:
    assert alice.post(BULK, padded(MAX_BYTES), content_type="application/json").status_code == 200


@pytest.mark.parametrize(
    ("size", "headers", "detail"),
    [
        (MAX_BYTES + 1, {}, "The request body is larger than 2097152 bytes."),
        (MAX_BYTES + 1, {"Idempotency-Key": "key"}, "The request body is larger than 2097152 bytes."),
        # More than Django reads.
        (2 * MAX_BYTES, {"Idempotency-Key": "key"}, "The request body is larger than 2097152 bytes."),
    ],
)
def test_larger_body_returns_413(alice: APIClient, size: int, headers: dict[str, str], detail: str) -> None:
    response = alice.post(BULK, padded(size), content_type="application/json", headers=headers)

    assert response.json() == {"detail": detail, "code": "content_too_large"}
    assert_refused(alice, response, 413, [])
