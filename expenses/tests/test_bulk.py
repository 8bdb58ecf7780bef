"""POST /api/expenses/bulk"""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from expenses.models import Expense, ExpenseQuerySet
from expenses.tests.api import listed

EXPENSES, BULK = "/api/expenses", "/api/expenses/bulk"
FOOD = {"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}
MAX_BYTES = 2 * 1024 * 1024
NOT_THERE = "Some of the expenses are not there."
CHANGED = "Some of the expenses have changed since you read them."
TWICE = "This expense is named twice."
OLDEST_FIRST = ("ordering", "created_at")
OPERATIONS = ["create", "update", "delete"]


@pytest.fixture
def expenses(alice: APIClient) -> list[dict[str, Any]]:
    """Four expenses of alice's, with the revisions 1 to 4."""
    return [alice.post(EXPENSES, FOOD).json() for _ in range(4)]


def errors(detail: str, code: str, pointers: list[str]) -> list[dict[str, str]]:
    return [{"detail": detail, "code": code, "pointer": pointer} for pointer in pointers]


def assert_refused(client: APIClient, response: Any, status: int, expenses: list[dict[str, Any]]) -> None:
    """Nothing was done, and no number taken."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert listed(client, OLDEST_FIRST) == expenses
    assert client.post(EXPENSES, FOOD).json()["revision"] == len(expenses) + 1


def test_bulk_returns_rows_in_the_order_of_the_request(alice: APIClient, expenses: list[dict[str, Any]]) -> None:
    first, second, third, fourth = expenses

    response = alice.post(
        BULK,
        {
            "create": [FOOD | {"amount": 2}, {"amount": 1, "category": " Fun ", "date": "2026-01-01"}],
            "update": [
                {"id": fourth["id"], "amount": 3, "if_revision": 4},
                {"id": first["id"], "category": "Fun", "description": None, "date": "2026-02-01"},
            ],
            "delete": [third["id"], second["id"]],
        },
    )

    body = response.json()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    stamps = ("created_at", "updated_at")
    same = {"owner_id": first["owner_id"], "external_id": None}
    made = [{name: row[name] for name in ("id", *stamps)} | same for row in body["created"]]
    touched = [{"updated_at": row["updated_at"]} for row in body["updated"]]
    fun = {"amount": 1, "category": "Fun", "description": None, "date": "2026-01-01"}
    assert body == {
        "created": [made[0] | FOOD | {"amount": 2, "revision": 5}, made[1] | fun | {"revision": 6}],
        "updated": [
            fourth | touched[0] | {"amount": 3, "revision": 7},
            first | touched[1] | {"category": "Fun", "description": None, "date": "2026-02-01", "revision": 8},
        ],
        "deleted": [third["id"], second["id"]],
    }
    assert all(row["updated_at"] > fourth["updated_at"] for row in body["updated"])
    assert sorted(listed(alice, OLDEST_FIRST), key=lambda row: row["revision"]) == body["created"] + body["updated"]
    changes = alice.get(f"{EXPENSES}/changes?since=4").json()
    assert changes["changed"] == body["created"] + body["updated"]
    assert [(row["id"], row["revision"]) for row in changes["deleted"]] == [(third["id"], 9), (second["id"], 10)]
    assert changes["revision"] == 10


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 3100},
        {"category": "Fun"},
        {"description": None},
        {"description": "Müsli"},
        {"date": "2026-02-01"},
        {},
        {"owner_id": 7, "revision": 7, "created_at": "1999-01-01T00:00:00Z", "if_revision": 1},
    ],
)
def test_bulk_update_changes_only_the_fields_sent(
    alice: APIClient, expenses: list[dict[str, Any]], changes: dict[str, Any]
) -> None:
    expense = expenses[0]

    [row] = alice.post(BULK, {"update": [{"id": expense["id"]} | changes]}).json()["updated"]

    written = {name: value for name, value in changes.items() if name in FOOD}
    assert row == expense | written | {"revision": 5, "updated_at": row["updated_at"]}
    assert alice.get(f"{EXPENSES}/{expense['id']}").json() == row


def test_search_follows_updates_and_deleted_expenses_are_in_the_trash(
    alice: APIClient, expenses: list[dict[str, Any]]
) -> None:
    updated, deleted = expenses[0]["id"], expenses[1]["id"]
    alice.post(BULK, {"update": [{"id": updated, "category": "Öl"}], "delete": [deleted]})

    assert [row["id"] for row in alice.get(EXPENSES, {"search": "öL"}).json()] == [updated]
    assert [row["id"] for row in alice.get(EXPENSES, {"deleted": "true"}).json()] == [deleted]
    assert alice.post(f"{EXPENSES}/{deleted}/restore").status_code == 200


@pytest.mark.parametrize("body", [{}, {"create": [], "update": [], "delete": []}])
def test_empty_bulk_allocates_no_revision(
    alice: APIClient, expenses: list[dict[str, Any]], body: dict[str, Any]
) -> None:
    response = alice.post(BULK, body)

    assert response.status_code == 200
    assert response.json() == {"created": [], "updated": [], "deleted": []}
    assert alice.post(EXPENSES, FOOD).json()["revision"] == 5


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
def test_repeated_id_is_refused(
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


def test_all_faults_of_a_batch_come_at_once(alice: APIClient, bob: APIClient, expenses: list[dict[str, Any]]) -> None:
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
def test_more_than_a_thousand_operations_are_refused(alice: APIClient, create: int, update: int, delete: int) -> None:
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


def test_a_body_may_have_two_mebibytes(alice: APIClient) -> None:
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
def test_a_body_of_more_than_two_mebibytes_is_refused(
    alice: APIClient, size: int, headers: dict[str, str], detail: str
) -> None:
    response = alice.post(BULK, padded(size), content_type="application/json", headers=headers)

    assert response.json() == {"detail": detail, "code": "content_too_large"}
    assert_refused(alice, response, 413, [])


# authentication, savepoint (the test's transaction is around it), lock, allocation, release; to create: insert; to
# update or to delete: select, upsert
@pytest.mark.parametrize(
    ("kinds", "statements"), [(["create"], 6), (["update"], 7), (["delete"], 7), (OPERATIONS, 8)], ids=str
)
def test_a_thousand_operations_need_as_many_statements_as_one(
    alice: APIClient,
    expenses: list[dict[str, Any]],
    django_assert_num_queries: Callable[..., Any],
    kinds: list[str],
    statements: int,
) -> None:
    for count in (1, 1000 // len(kinds)):
        new = [FOOD] * count
        updated, deleted = (
            [row["id"] for row in alice.post(BULK, {"create": new}).json()["created"]] for _ in range(2)
        )
        todo = {"create": new, "update": [{"id": each, "amount": 1} for each in updated], "delete": deleted}
        with django_assert_num_queries(statements):
            response = alice.post(BULK, {kind: todo[kind] for kind in kinds})

        assert response.status_code == 200
        done = response.json()
        assert len(done["created"]) == (count if "create" in kinds else 0)
        assert [row["id"] for row in done["updated"]] == (updated if "update" in kinds else [])
        assert done["deleted"] == (deleted if "delete" in kinds else [])


def test_bulk_changes_only_own_expenses(alice: APIClient, bob: APIClient, expenses: list[dict[str, Any]]) -> None:
    [expense] = bob.post(BULK, {"create": [expenses[0]]}).json()["created"]

    assert (expense["revision"], expense["owner_id"] == expenses[0]["owner_id"]) == (1, False)
    assert listed(bob, OLDEST_FIRST) == [expense]
    assert listed(alice, OLDEST_FIRST) == expenses


def test_deleting_what_is_deleted_is_done(alice: APIClient, bob: APIClient, expenses: list[dict[str, Any]]) -> None:
    first, second, *_ = (expense["id"] for expense in expenses)
    alice.delete(f"{EXPENSES}/{first}")

    response = alice.post(BULK, {"delete": [{"id": first, "if_revision": 1}, second]})

    assert (response.status_code, response.json()["deleted"]) == (200, [first, second])
    assert [each["id"] for each in alice.get(f"{EXPENSES}/changes?since=4").json()["deleted"]] == [first, second]
    assert alice.post(EXPENSES, FOOD).json()["revision"] == 7
    assert bob.post(BULK, {"delete": [first]}).status_code == 404
