"""The list of expenses in the admin: its columns, search and filters."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from accounts.models import User
from expenses.models import Expense
from expenses.tests.admin.pages import listed
from expenses.tests.admin.records import spend

EXPENSES = "/admin/expenses/expense/"


def test_list_shows_owner_and_money_newest_first(admin_client: Client, alice: User) -> None:
    old, new, newest = [spend(alice, date=date(2026, 1, day)) for day in (1, 2, 2)]

    response = admin_client.get(EXPENSES)

    assert listed(response) == [newest, new, old]
    assert response.context["cl"].list_display == [
        "action_checkbox",
        "date",
        "owner",
        "money",
        "category",
        "beginning",
        "created_at",
    ]
    assertContains(response, '<td class="field-owner nowrap">alice</td>', html=True, count=3)
    assertContains(response, f'<a href="{EXPENSES}{old.pk}/change/">12.34</a>', html=True, count=1)


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("äpfel", True),
        ("ÄPFEL", True),
        ("A\u0308PFEL", True),
        ("STRASSE", True),
        ("jürgen", True),
        ("JÜRGEN", True),
        ("jürgen KILIM", True),
        ("Birnen", False),
        ("k\u0131l\u0131m", True),
        ("apfel kilim", True),
    ],
)
def test_search_finds_text_and_user_name_in_any_case(admin_client: Client, term: str, *, found: bool) -> None:
    expense = spend(User.objects.create_user("Jürgen"), category="Äpfel", description="Kilim aus der Straße")

    assert listed(admin_client.get(EXPENSES, {"q": term})) == [expense] * found


@pytest.mark.parametrize(
    "parameters",
    [
        {"date__gte": "2026-01-01", "date__lt": "2026-02-01"},
        {"date__year": "2026", "date__month": "1", "date__day": "21"},
        {"created_at__gte": "2026-01-01 00:00:00+00:00"},
    ],
)
def test_expenses_are_filtered(admin_client: Client, alice: User, parameters: dict[str, str]) -> None:
    expense, old = spend(alice), spend(alice, date=date(2025, 12, 31))
    Expense.objects.filter(pk=old.pk).update(created_at="2025-12-31T12:00:00Z")

    response = admin_client.get(EXPENSES, parameters)

    assert listed(response) == [expense]


def test_list_links_to_years_with_expenses(admin_client: Client, alice: User) -> None:
    for year in (2025, 2026):
        spend(alice, date=date(year, 1, 1))

    assertContains(admin_client.get(EXPENSES), 'href="?date__year=2025"')
