"""GET /api/expenses/changes"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.tests.people import PASSWORD
from expenses import actions
from expenses.etags import collection_etag
from expenses.models import Expense
from expenses.tests.api import EXPENSES, spend

CHANGES = "/api/expenses/changes"
FOOD = {"amount": 2500, "category": "Food", "date": "2026-01-21"}


def changes(client: APIClient, **parameters: int) -> dict[str, Any]:
    response = client.get(CHANGES, parameters)
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def delete(client: APIClient, expense: dict[str, Any]) -> dict[str, Any]:
    """Delete the expense, and return its row in the changes."""
    client.delete(f"{EXPENSES}/{expense['id']}")
    row = Expense.objects.get(pk=expense["id"])
    assert row.deleted_at is not None
    return {
        "id": row.pk,
        "deleted_at": row.deleted_at.isoformat().replace("+00:00", "Z"),
        "revision": row.revision,
    }


def test_new_user_has_no_changes(alice: APIClient) -> None:
    assert changes(alice) == {"changed": [], "deleted": [], "revision": 0, "has_more": False}


def test_changes_list_each_expense_once_in_revision_order(alice: APIClient) -> None:
    first, second, third = (spend(alice) for _ in range(3))
    alice.put("/api/budgets", {"category": "Food", "amount": 1})
    first = alice.patch(f"{EXPENSES}/{first['id']}", {"amount": 1}).json()
    deleted = delete(alice, second)
    alice.put("/api/budgets", {"category": None, "amount": 1})

    whole = {"changed": [third, first], "deleted": [deleted], "revision": 7, "has_more": False}
    assert [third["revision"], first["revision"], deleted["revision"]] == [3, 5, 6]
    for since in (1, 2):
        assert changes(alice, since=since) == whole
    # A device that knows nothing has nothing to remove.
    assert changes(alice) == whole | {"deleted": []}
    for since in (3, 4):
        assert changes(alice, since=since) == whole | {"changed": [first]}
    assert changes(alice, since=5) == whole | {"changed": []}
    for since in (6, 7):
        assert changes(alice, since=since) == whole | {"changed": [], "deleted": []}


def test_cursor_of_a_full_page_is_the_revision_of_its_last_row(alice: APIClient) -> None:
    first, second, third = (spend(alice) for _ in range(3))
    deleted = delete(alice, second)
    alice.put("/api/budgets", {"category": "Food", "amount": 1})

    assert changes(alice, limit=1) == {"changed": [first], "deleted": [], "revision": 1, "has_more": True}
    assert changes(alice, limit=2) == {"changed": [first, third], "deleted": [], "revision": 5, "has_more": False}
    assert changes(alice, since=1, limit=1) == {"changed": [third], "deleted": [], "revision": 3, "has_more": True}
    # As many as the limit, and none after them: the cursor is past the budget.
    assert changes(alice, since=3, limit=1) == {"changed": [], "deleted": [deleted], "revision": 5, "has_more": False}
    assert changes(alice, limit=3)["has_more"] is False


def test_restore_rename_and_bulk_update_appear_as_changes(alice: APIClient) -> None:
    first, second = spend(alice), spend(alice)
    delete(alice, first)
    alice.post(f"{EXPENSES}/{first['id']}/restore")
    alice.post(f"{EXPENSES}/bulk", {"create": [FOOD], "update": [{"id": second["id"], "amount": 1}]})
    alice.post("/api/categories/rename", {"from": "Food", "to": "Eating"})

    response = changes(alice, since=6)

    assert sorted(response["changed"], key=lambda expense: -expense["id"]) == alice.get(EXPENSES).json()
    assert sorted(expense["revision"] for expense in response["changed"]) == [7, 8, 9]
    assert (response["deleted"], response["revision"], response["has_more"]) == ([], 9, False)


def test_write_between_authentication_and_reading_is_not_lost(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = spend(alice)
    written: list[Expense] = []

    def write_meanwhile(user: User) -> str:
        expense, _ = actions.create_expense(owner=user, amount=1, category="Food")
        written.append(expense)
        return collection_etag(user)

    monkeypatch.setattr("expenses.views.sync.collection_etag", write_meanwhile)
    response = alice.get(CHANGES)
    monkeypatch.undo()

    assert [expense["id"] for expense in response.json()["changed"]] == [first["id"], written[0].pk]
    assert response.json()["revision"] == 2
    # The tag is older than the response, never newer: the client asks once too often at worst.
    assert alice.get(CHANGES, headers={"If-None-Match": response["ETag"]}).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": "*"}])
def test_unknown_cursor_asks_for_a_full_sync(alice: APIClient, headers: dict[str, str]) -> None:
    spend(alice)

    response = alice.get(CHANGES, {"since": 2}, headers=headers)

    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"detail": "resync", "code": "resync"}
    assert alice.get(CHANGES, {"since": 1}).status_code == 200


def test_full_sync_ends_after_a_restored_backup(alice: APIClient) -> None:
    expenses = [spend(alice) for _ in range(3)]
    deleted = delete(alice, expenses.pop())
    call_command("after_restore")
    token = alice.post("/api/login", {"username": "alice", "password": PASSWORD}).json()["access_token"]
    alice.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    for cursor in (5, 1_000_003):
        assert alice.get(CHANGES, {"since": cursor}).json() == {"detail": "resync", "code": "resync"}
    found: list[int] = []
    page: dict[str, Any] = {"revision": 0, "has_more": True}
    while page["has_more"]:
        page = changes(alice, since=page["revision"], limit=1)
        found += [row["id"] for row in page["changed"] + page["deleted"]]

    assert found == [expenses[0]["id"], expenses[1]["id"], deleted["id"]]
    new = spend(alice)
    assert changes(alice, since=page["revision"])["changed"] == [new]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        *[
            (f"since={text}", [("since", "Enter an integer from 0 to 9223372036854775807.", "invalid")])
            for text in ("-1", "1.0", "01", "x", "%D9%A1", "1_0", "9223372036854775808", "1" * 30)
        ],
        *[
            (f"limit={text}", [("limit", "Enter an integer from 1 to 1000.", "invalid")])
            for text in ("0", "-1", "1001", "x", "1" * 30)
        ],
        ("since=0&since=1", [("since", "This parameter can be given only once.", "repeated")]),
        ("offset=1", [("offset", "Unknown parameter. Allowed parameters: since, limit.", "unknown")]),
    ],
)
def test_malformed_query_returns_400_even_with_a_matching_etag(
    alice: APIClient, query: str, errors: list[tuple[str, str, str]]
) -> None:
    response = alice.get(f"{CHANGES}?{query}", headers={"If-None-Match": "*"})

    assert response.status_code == 400
    assert response.json() == {
        "detail": " ".join(f"{name}: {detail}" for name, detail, _ in errors),
        "code": "invalid",
        "errors": [{"detail": detail, "code": code, "parameter": name} for name, detail, code in errors],
    }


def test_page_holds_500_changes_by_default_and_1000_at_most(alice: APIClient) -> None:
    owner = User.objects.get()
    actions.create_expenses(
        owner=owner, expenses=[Expense(amount=number, category="Food") for number in range(1, 1002)]
    )

    for parameters, size in (({}, 500), ({"limit": 1000}, 1000)):
        response = changes(alice, **parameters)
        assert [expense["amount"] for expense in response["changed"]] == list(range(1, size + 1))
        assert (response["revision"], response["has_more"]) == (size, True)
    assert changes(alice, since=1, limit=1000)["has_more"] is False


def test_changes_show_only_own_expenses(alice: APIClient, bob: APIClient) -> None:
    hers = spend(alice)
    his = [spend(bob), spend(bob)]

    assert changes(alice) == {"changed": [hers], "deleted": [], "revision": 1, "has_more": False}
    assert changes(bob) == {"changed": his, "deleted": [], "revision": 2, "has_more": False}
    assert alice.get(CHANGES, {"since": 2}).json() == {"detail": "resync", "code": "resync"}


def test_changes_run_one_select_and_none_if_unchanged(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    delete(alice, spend(alice))
    spend(alice)

    # authentication, expenses
    with django_assert_num_queries(2):
        response = alice.get(CHANGES)
    # authentication
    with django_assert_num_queries(1):
        unchanged = alice.get(CHANGES, headers={"If-None-Match": response["ETag"]})

    assert response["ETag"].startswith('W/"')
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", response["ETag"])
    for each in (response, unchanged):
        assert each["Cache-Control"] == "private, no-cache"
    alice.put("/api/budgets", {"category": None, "amount": 1})
    assert alice.get(CHANGES, headers={"If-None-Match": response["ETag"]}).json() == response.json() | {"revision": 4}
