"""DELETE /api/expenses/{id}"""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from expense_tracker.db.transactions import writes_in_one_statement

NOT_FOUND = {"detail": "Not found", "code": "not_found"}


def test_deleted_expense_is_gone_everywhere(alice: APIClient) -> None:
    expense_id = alice.post("/api/expenses", {"amount": 2500, "category": "Food"}).json()["id"]

    response = alice.delete(f"/api/expenses/{expense_id}")

    assert response.status_code == 200
    assert response.json() == {"message": "Expense deleted successfully"}
    assert alice.get(f"/api/expenses/{expense_id}").json() == NOT_FOUND
    assert alice.delete(f"/api/expenses/{expense_id}").json() == NOT_FOUND
    assert alice.get("/api/expenses").json() == []


def test_other_users_expense_cannot_be_deleted(alice: APIClient, bob: APIClient) -> None:
    expense_id = alice.post("/api/expenses", {"amount": 2500, "category": "Food"}).json()["id"]

    response = bob.delete(f"/api/expenses/{expense_id}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert alice.get(f"/api/expenses/{expense_id}").status_code == 200


def test_delete_runs_one_statement_on_postgresql(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    expense_id = alice.post("/api/expenses", {"amount": 2500, "category": "Food"}).json()["id"]

    # authentication, and the update that takes a number; or savepoint (the test's transaction is around it), number,
    # expense, update, release
    with django_assert_num_queries(2 if writes_in_one_statement() else 6):
        alice.delete(f"/api/expenses/{expense_id}")
