"""POST /api/expenses/bulk"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.tests.api import listed
from expenses.tests.bulk import BULK, EXPENSES, FOOD, OLDEST_FIRST

OPERATIONS = ["create", "update", "delete"]


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


# authentication, savepoint (the test's transaction is around it), lock, allocation, release; to create: insert; to
# update or to delete: select, upsert
@pytest.mark.parametrize(
    ("kinds", "statements"), [(["create"], 6), (["update"], 7), (["delete"], 7), (OPERATIONS, 8)], ids=str
)
def test_bulk_runs_the_same_statements_for_1_and_1000_operations(
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


def test_deleting_a_deleted_expense_again_succeeds(
    alice: APIClient, bob: APIClient, expenses: list[dict[str, Any]]
) -> None:
    first, second, *_ = (expense["id"] for expense in expenses)
    alice.delete(f"{EXPENSES}/{first}")

    response = alice.post(BULK, {"delete": [{"id": first, "if_revision": 1}, second]})

    assert (response.status_code, response.json()["deleted"]) == (200, [first, second])
    assert [each["id"] for each in alice.get(f"{EXPENSES}/changes?since=4").json()["deleted"]] == [first, second]
    assert alice.post(EXPENSES, FOOD).json()["revision"] == 7
    assert bob.post(BULK, {"delete": [first]}).status_code == 404
