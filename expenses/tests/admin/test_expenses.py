"""The form of an expense in the admin: adding one."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.asserts import assertRedirects

from accounts.models import RevisionCounter, User
from expenses.models import Expense
from expenses.serializers.expense import EXPENSE_FIELDS
from expenses.tests.admin.pages import errors, shown
from expenses.tests.admin.records import revision, spend

EXPENSES = "/admin/expenses/expense/"
LUNCH = {"amount": "12.34", "category": "Food", "description": "Lunch", "date": "2026-01-21"}


@pytest.mark.parametrize("term", ["ürg", "JÜRGEN", "\uff4aürgen"])
def test_owner_autocomplete_matches_part_of_the_name_in_any_case(admin_client: Client, alice: User, term: str) -> None:
    owner = User.objects.create_user("Jürgen")
    field = {"app_label": "expenses", "model_name": "expense", "field_name": "owner"}

    response = admin_client.get("/admin/autocomplete/", field | {"term": term})

    assert response.json()["results"] == [{"id": str(owner.pk), "text": "Jürgen"}]


def test_added_expense_allocates_a_revision_of_its_owner(admin_client: Client, alice: User, bob: User) -> None:
    spend(alice)

    response = admin_client.post(f"{EXPENSES}add/", LUNCH | {"owner": str(alice.pk)})

    assertRedirects(response, EXPENSES)
    expense = Expense.objects.latest("pk")
    assert {name: getattr(expense, name) for name in EXPENSE_FIELDS} == {
        "id": expense.pk,
        "amount": 1234,
        "category": "Food",
        "description": "Lunch",
        "date": date(2026, 1, 21),
        "created_at": expense.created_at,
        "updated_at": expense.updated_at,
        "owner_id": alice.pk,
        "revision": 2,
        "external_id": None,
    }
    assert revision(alice) == 2
    assert not RevisionCounter.objects.filter(user=bob).exists()


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.01", 1), ("7", 700), ("0.1", 10), ("12,34", 1234), ("1.234,56", 123_456), ("9999999999.99", 999_999_999_999)],
)
def test_amount_is_stored_in_cents_and_shown_as_money(
    admin_client: Client, alice: User, amount: str, cents: int
) -> None:
    admin_client.post(f"{EXPENSES}add/", LUNCH | {"owner": str(alice.pk), "amount": amount})

    expense = Expense.objects.get()
    assert expense.amount == cents
    assert shown(admin_client, expense)["amount"] == f"{cents / 100:.2f}"


@pytest.mark.parametrize(
    "amount",
    [
        *("", "0", "0.00", "-1", "1.234", "abc", "1,5,0", "NaN", "Infinity", "10000000000", "9" * 400, "1e999999999"),
        *("1e5", "1_000", "\uff11\uff12"),  # what Decimal reads, but nobody writes as money
    ],
)
def test_invalid_amount_is_refused(admin_client: Client, alice: User, amount: str) -> None:
    response = admin_client.post(f"{EXPENSES}add/", LUNCH | {"owner": str(alice.pk), "amount": amount})

    assert errors(response) == ["amount"]
    assert not Expense.objects.exists()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("category", "   "),
        ("category", "Foo\x07d"),
        ("category", "Foo\x00d"),
        ("category", "Foo\u202ed"),
        ("category", "Food\r\nDrinks"),
        ("category", "x" * 41),
        ("description", "Lun\u2066ch"),
        ("description", "x" * 256),
    ],
)
def test_text_that_the_api_refuses_is_refused(admin_client: Client, alice: User, field: str, text: str) -> None:
    response = admin_client.post(f"{EXPENSES}add/", LUNCH | {"owner": str(alice.pk), field: text})

    assert errors(response) == [field]
    assert not Expense.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "stored"),
    [
        ("category", " Cafe\u0301 ", "Café"),
        ("description", "one\r\ntwo", "one\ntwo"),
        ("description", "x\r\n" * 127 + "x", "x\n" * 127 + "x"),  # 255 characters, as the browser counts too
        ("description", "", None),
        ("description", " ", None),
    ],
)
def test_text_is_stored_as_the_api_stores_it(
    admin_client: Client, alice: User, field: str, text: str, stored: str | None
) -> None:
    response = admin_client.post(f"{EXPENSES}add/", LUNCH | {"owner": str(alice.pk), field: text})

    assertRedirects(response, EXPENSES)
    assert Expense.objects.values_list(field, flat=True).get() == stored


@pytest.mark.parametrize("day", ["", "1969-12-31", "9999-01-01", "10000-01-01", "2026-02-30"])
def test_days_off_the_calendar_are_refused(admin_client: Client, alice: User, day: str) -> None:
    response = admin_client.post(f"{EXPENSES}add/", LUNCH | {"owner": str(alice.pk), "date": day})

    assert errors(response) in (["date"], ["__all__"])
    assert not Expense.objects.exists()
