"""PUT and PATCH /api/expenses/{id}"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.db.transactions import writes_in_one_statement

NOT_FOUND = {"detail": "Not found", "code": "not_found"}
EITHER = pytest.mark.parametrize("method", ["put", "patch"])


@pytest.fixture
def lunch(alice: APIClient) -> dict[str, Any]:
    body: dict[str, Any] = alice.post(
        "/api/expenses", {"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}
    ).json()
    return body


@EITHER
@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 3000, "category": "Fun", "description": "Updated lunch", "date": "2026-02-01"},
        {"amount": 3000, "category": "Fun", "description": "Updated lunch"},
        {"amount": 3000, "category": "Fun", "description": None},
    ],
)
def test_changed_expense_is_returned_and_stored(
    alice: APIClient, lunch: dict[str, Any], method: str, changes: dict[str, Any]
) -> None:
    path = f"/api/expenses/{lunch['id']}"

    response = getattr(alice, method)(path, changes)

    body = response.json()
    assert response.status_code == 200
    assert response["ETag"] == '"2"'
    assert body == lunch | changes | {"revision": 2, "updated_at": body["updated_at"]}
    assert body["updated_at"] > lunch["updated_at"]
    assert alice.get(path).json() == body


def test_put_clears_an_absent_description_and_keeps_an_absent_date(alice: APIClient, lunch: dict[str, Any]) -> None:
    body = alice.put(f"/api/expenses/{lunch['id']}", {"amount": 1, "category": "Fun"}).json()

    assert (body["description"], body["date"]) == (None, "2026-01-21")


@pytest.mark.parametrize("member", ["amount", "category"])
def test_put_needs_amount_and_category(alice: APIClient, lunch: dict[str, Any], member: str) -> None:
    sent = {"amount": 1, "category": "Fun"}
    del sent[member]

    response = alice.put(f"/api/expenses/{lunch['id']}", sent)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: This field is required.",
        "code": "invalid",
        "errors": [{"detail": "This field is required.", "code": "required", "pointer": f"#/{member}"}],
    }


@pytest.mark.parametrize(
    "changes", [{"amount": 3100}, {"category": "Fun"}, {"description": None}, {"date": "2026-02-01"}, {}]
)
def test_patch_changes_only_what_is_sent(alice: APIClient, lunch: dict[str, Any], changes: dict[str, Any]) -> None:
    body = alice.patch(f"/api/expenses/{lunch['id']}", changes).json()

    assert body == lunch | changes | {"revision": 2, "updated_at": body["updated_at"]}


@EITHER
def test_body_that_was_read_can_be_written_back(alice: APIClient, lunch: dict[str, Any], method: str) -> None:
    forged = lunch | {"id": 10**6, "owner_id": 10**6, "revision": 10**6, "created_at": "1999-01-01T00:00:00Z"}

    response = getattr(alice, method)(f"/api/expenses/{lunch['id']}", forged)

    assert response.status_code == 200
    assert response.json() == lunch | {"revision": 2, "updated_at": response.json()["updated_at"]}


@EITHER
@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"amount": 0}, "#/amount"),
        ({"amount": None}, "#/amount"),
        ({"category": " "}, "#/category"),
        ({"category": None}, "#/category"),
        ({"description": "\u202e"}, "#/description"),
        ({"date": None}, "#/date"),
        ({"date": "1969-12-31"}, "#/date"),
        ({"colour": "red"}, "#/colour"),
    ],
)
def test_refused_change_changes_nothing_and_allocates_no_revision(
    alice: APIClient, lunch: dict[str, Any], method: str, changes: dict[str, Any], pointer: str
) -> None:
    path = f"/api/expenses/{lunch['id']}"

    response = getattr(alice, method)(path, {"amount": 1, "category": "Fun"} | changes)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert alice.get(path).json() == lunch
    assert alice.patch(path, {}).json()["revision"] == 2


@EITHER
def test_other_users_expense_cannot_be_changed(
    alice: APIClient, bob: APIClient, lunch: dict[str, Any], method: str
) -> None:
    path = f"/api/expenses/{lunch['id']}"

    response = getattr(bob, method)(path, {"amount": 1, "category": "Fun"})

    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert alice.get(path).json() == lunch
    assert bob.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["revision"] == 1


@EITHER
def test_deleted_expense_cannot_be_changed(alice: APIClient, lunch: dict[str, Any], method: str) -> None:
    alice.delete(f"/api/expenses/{lunch['id']}")

    response = getattr(alice, method)(f"/api/expenses/{lunch['id']}", {"amount": 1, "category": "Fun"})

    assert response.status_code == 404
    assert response.json() == NOT_FOUND


@EITHER
def test_changed_expense_is_found_by_its_new_text_only(alice: APIClient, lunch: dict[str, Any], method: str) -> None:
    changed = getattr(alice, method)(
        f"/api/expenses/{lunch['id']}", {"amount": 1, "category": "Fun", "description": "CINEMA"}
    ).json()

    assert alice.get("/api/expenses?search=cinema").json() == [changed]
    assert alice.get("/api/expenses?search=lunch").json() == []


@pytest.mark.parametrize(
    ("changes", "statements"),
    [
        ({"amount": 1}, 2),
        ({"category": "Fun", "description": None}, 2),
        # What is searched is made of category and description: the other half stays.
        ({"category": "Fun"}, 2),
        ({"description": "Fun"}, 2),
    ],
)
def test_update_runs_one_statement_on_postgresql(
    alice: APIClient,
    lunch: dict[str, Any],
    django_assert_num_queries: Callable[..., Any],
    changes: dict[str, Any],
    statements: int,
) -> None:
    # authentication, and the update that takes a number; or savepoint (the test's transaction is around it), number,
    # expense, update, release
    with django_assert_num_queries(statements if writes_in_one_statement() else 6):
        alice.patch(f"/api/expenses/{lunch['id']}", changes)
    with django_assert_num_queries(2 if writes_in_one_statement() else 6):
        alice.put(f"/api/expenses/{lunch['id']}", {"amount": 1, "category": "Fun"})
