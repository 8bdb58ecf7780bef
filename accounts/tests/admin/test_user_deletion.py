"""/admin/accounts/user/{id}/delete/"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, Session, User
from accounts.tests.admin.users import USERS, page_of, user_of

Expense: Any = apps.get_model("expenses", "Expense")


@pytest.mark.parametrize("number", [3, 60])
@pytest.mark.parametrize("how", ["one", "action"])
def test_confirmation_counts_the_rows_of_a_user_without_listing_them(
    admin_client: Client, alice: APIClient, django_assert_num_queries: Callable[..., Any], how: str, number: int
) -> None:
    alice.post("/api/expenses/bulk", {"create": [{"amount": 1, "category": "Food"}] * number})
    path = page_of("alice", "delete")
    form = {"action": "delete_selected", "_selected_action": [str(user_of("alice").pk)]}

    # session, user, the user, counts of sessions, expenses and budgets; for the list two counts and twice the groups
    with django_assert_num_queries(7 if how == "one" else 11):
        response = admin_client.get(path) if how == "one" else admin_client.post(USERS, form)

    counts = {"users": 1, "sessions": 1, "expenses": number, "budgets": 0, "log entries": 0}
    assert dict(response.context["model_count"]) == counts
    for name, count in counts.items():
        assertContains(response, f"<li>{name.capitalize()}: {count}</li>", html=True)
    assertNotContains(response, "Food")


@pytest.mark.parametrize("how", ["one", "action"])
def test_deletion_locks_the_counter_first_and_erases_everything(
    admin_client: Client, alice: APIClient, bob: APIClient, how: str
) -> None:
    for client in (alice, bob):
        client.post("/api/expenses", {"amount": 1, "category": "Food"})
        client.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"})
    alices, bobs = User.objects.get(username="alice").pk, User.objects.get(username="bob").pk

    with CaptureQueriesContext(connection) as queries:
        if how == "one":
            response = admin_client.post(f"{USERS}{alices}/delete/", {"post": "yes"})
        else:
            selected = {"action": "delete_selected", "_selected_action": [str(alices)], "post": "yes"}
            response = admin_client.post(USERS, selected)

    writes = [
        query["sql"] for query in queries if "accounts_" in query["sql"] and not query["sql"].startswith("SELECT")
    ]
    assert writes[0].startswith("INSERT INTO accounts_ledger"), "the lock that writes wait for comes first"
    assert response.status_code == 302
    assert set(User.objects.values_list("username", flat=True)) == {"bob", "admin"}
    assert set(RevisionCounter.objects.values_list("user", flat=True)) == {bobs}
    assert set(Session.objects.values_list("user", flat=True)) == {bobs}
    assert set(Expense.objects.values_list("owner", flat=True)) == {bobs}
    refused = alice.post("/api/expenses", {"amount": 1, "category": "Food"})
    assert refused.status_code == 401
    assert refused.json() == {"detail": "Could not validate credentials", "code": "session_ended"}
    assert bob.get("/api/me").status_code == 200
