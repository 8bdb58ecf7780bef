"""/admin/accounts/user/{id}/change/: what the page shows, and what it keeps to itself"""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.tests.admin.users import USERS, page_of, user_of

Expense: Any = apps.get_model("expenses", "Expense")
Budget: Any = apps.get_model("expenses", "Budget")


def test_page_links_to_expenses_budgets_and_sessions(admin_client: Client, alice: APIClient, bob: APIClient) -> None:
    for client in (alice, alice, bob):
        expense = client.post("/api/expenses", {"amount": 2500, "category": "Food"}).json()
        client.post("/api/expenses", {"amount": 2500, "category": "Food"})
        client.delete(f"/api/expenses/{expense['id']}")
    alice.put("/api/budgets", {"category": "Food", "amount": 1})

    page = admin_client.get(page_of("alice"))

    for path, model, count in (
        ("expenses/expense/?owner=alice", Expense.objects.live(), 2),
        ("expenses/budget/?owner=alice", Budget.objects.all(), 1),
        ("accounts/session/?user=alice", Session.objects.all(), 1),
    ):
        assertContains(page, f'<a href="/admin/{path}">{count}</a>', html=True, count=1)
        shown = admin_client.get(f"/admin/{path}").context["cl"].result_list
        owner = path.partition("?")[2].partition("=")[0]
        assert set(shown) == set(model.filter(**{owner: user_of("alice")}))


@pytest.mark.parametrize("number", [3, 60])
def test_page_runs_the_same_queries_for_few_rows_and_many(
    admin_client: Client, alice: APIClient, django_assert_num_queries: Callable[..., Any], number: int
) -> None:
    alice.post("/api/expenses/bulk", {"create": [{"amount": 1, "category": "Food"}] * number})
    for index in range(number):
        alice.put("/api/budgets", {"category": f"Food {index}", "amount": 1})
    path = page_of("alice")
    ContentType.objects.get_for_model(User)  # which is then remembered

    # session, user, the user with the count of expenses, their groups and permissions, counts of budgets and sessions,
    # all groups and permissions
    with django_assert_num_queries(9):
        assertContains(admin_client.get(path), f">{number}</a>", count=2)


def test_links_need_their_view_permission(clerk: Client, alice: APIClient) -> None:
    page = clerk.get(page_of("alice"))

    shown = [field for fieldset in page.context["adminform"] for line in fieldset for field in line.fields]
    assert [name for name in shown if name.startswith("their_")] == ["their_sessions"]


@pytest.mark.parametrize(
    ("permission", "text"), [("view_user", "Set"), ("change_user", 'Set (<a href="../password/">change</a>)')]
)
def test_no_page_shows_hashes_or_tokens(client: Client, alice: APIClient, permission: str, text: str) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename=permission))
    client.force_login(looker)
    hashed = user_of("alice").password

    for page in ("change", "history"):
        response = client.get(page_of("alice", page))
        assert response.status_code == 200
        for part in hashed.split("$"):
            assertNotContains(response, part)
    assertContains(client.get(page_of("alice")), f'<div class="readonly">{text}</div>', html=True)


def test_missing_password_is_shown_as_not_set(admin_client: Client, db: None) -> None:
    User.objects.create_user("robot")

    page = admin_client.get(page_of("robot"))

    assertContains(page, '<div class="readonly">Not set (<a href="../password/">change</a>)</div>', html=True)


@pytest.mark.parametrize(
    "path",
    [
        f"{USERS}?password__startswith=argon2",
        "/admin/accounts/session/?user__password__startswith=argon2",
        "/admin/expenses/expense/?owner__password__startswith=argon2",
        "/admin/expenses/budget/?owner__password__startswith=argon2",
    ],
)
def test_filter_by_password_hash_returns_400(admin_client: Client, path: str) -> None:
    assert admin_client.get(path).status_code == 400
