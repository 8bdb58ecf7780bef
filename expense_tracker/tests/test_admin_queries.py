"""How many statements a page of the admin takes: the same for three rows and for sixty."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from accounts.actions import open_session
from accounts.models import Session, User

Budget: Any = apps.get_model("expenses", "Budget")
Expense: Any = apps.get_model("expenses", "Expense")
# Each begins with two, session and user.
PAGES = {
    # the overview: users, those of this week, days, categories; the person's last changes
    "": 7,
    "accounts/": 2,
    "expenses/": 2,
    # groups to filter by, count of the filtered and of all, two of the date hierarchy, page
    "accounts/user/": 8,
    "accounts/user/add/": 2,
    # the user with the count of expenses, their groups and permissions, counts of budgets and sessions, all groups and
    # permissions
    "accounts/user/{user}/change/": 9,
    "accounts/user/{user}/password/": 3,
    # the user, count and page of changes
    "accounts/user/{user}/history/": 5,
    # the user, counts of sessions, expenses, budgets and actions
    "accounts/user/{user}/delete/": 7,
    # the device, that which is to be confirmed, which is created in a transaction
    "accounts/user/second-factor/": 7,
    # count, page joined with users
    "accounts/adminsession/": 4,
    # count, two of the date hierarchy, page joined with users
    "accounts/session/": 6,
    "accounts/session/?user=person0&q=a": 6,
    # the session, its user
    "accounts/session/{session}/change/": 4,
    "accounts/session/{session}/history/": 5,
    # count, page joined with users and content types
    "admin/logentry/": 4,
    "admin/logentry/?user=admin&kind=accounts.user&action=2&date_from=2026-01-01&q=person": 4,
    # the entry joined with user and content type
    "admin/logentry/{log_entry}/change/": 3,
    # count with total, two of the date hierarchy, page joined with owners
    "expenses/expense/": 6,
    "expenses/expense/?category=Food&date_from=2026-01-01&amount_min=1&owner=person0&q=food": 6,
    "expenses/expense/?deleted=true": 6,
    # count with total, the first chunk joined with owners
    "expenses/expense/export/csv/": 4,
    "expenses/expense/export/json/": 4,
    "expenses/expense/import/": 2,
    "expenses/expense/add/": 2,
    # the expense, its owner
    "expenses/expense/{expense}/change/": 4,
    "expenses/expense/{expense}/history/": 5,
    # the expense
    "expenses/expense/{expense}/delete/": 3,
    # count, page joined with owners
    "expenses/budget/": 4,
    "expenses/budget/add/": 2,
    # the budget, its owner
    "expenses/budget/{budget}/change/": 4,
    "expenses/budget/{budget}/history/": 5,
    "expenses/budget/{budget}/delete/": 3,
    # count of the filtered and of all, page
    "auth/group/": 5,
    # all permissions
    "auth/group/add/": 3,
    # the group, its permissions, all permissions
    "auth/group/{group}/change/": 5,
    "auth/group/{group}/history/": 5,
    # page and count of the users whose name is like that
    "autocomplete/?app_label=expenses&model_name=expense&field_name=owner&term=person": 4,
}


def fill(number: int) -> dict[str, Any]:
    """So many rows of each table, each of a user of its own and all of its history; the ids of one of each."""
    columns = {"amount": 1234, "category": "Food", "date": date(2026, 1, 21)}
    for index in range(number):
        user = User.objects.create_user(f"person{index}")
        session = open_session(user=user, user_agent="a")
        expense = Expense.objects.create(owner=user, revision=1, **columns)
        Expense.objects.create(owner=user, revision=2, deleted_at=user.date_joined, **columns)
        budget = Budget.objects.create(owner=user, revision=3, category="Food", amount=1)
        group = Group.objects.create(name=f"Group {index}")
        user.groups.add(group)
    group.permissions.set(Permission.objects.all()[:number])
    rows = {"user": user, "session": session, "expense": expense, "budget": budget, "group": group}
    for row in rows.values():
        LogEntry.objects.log_actions(User.objects.get(username="admin").pk, [row] * number, CHANGE, "Seen.")
    return {"log_entry": LogEntry.objects.latest("pk").pk} | {name: row.pk for name, row in rows.items() if row}


@pytest.mark.parametrize("number", [3, 60])
@pytest.mark.parametrize(("path", "queries"), PAGES.items(), ids=PAGES)
def test_admin_page_runs_the_same_queries_for_few_rows_and_many(
    admin_client: Client,
    django_assert_num_queries: Callable[..., Any],
    *,
    path: str,
    queries: int,
    number: int,
) -> None:
    ids = fill(number)
    ContentType.objects.get_for_models(User, Session, Expense, Budget, Group, LogEntry)  # which are then remembered

    with django_assert_num_queries(queries):
        response = admin_client.get(f"/admin/{path.format(**ids)}")
        assert response.status_code == 200
        assert b"".join(response) != b""
