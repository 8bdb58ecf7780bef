"""Changing an expense in the admin."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from expenses import actions
from expenses.admin import ExpenseAdmin
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer
from expenses.tests.admin.pages import errors, shown
from expenses.tests.admin.records import revision, spend
from expenses.tests.admin.staff import staff

EXPENSES = "/admin/expenses/expense/"
LUNCH = {"amount": "12.34", "category": "Food", "description": "Lunch", "date": "2026-01-21"}


def test_change_allocates_a_revision_and_appears_in_sync(admin_client: Client, alice: User) -> None:
    expense, _ = spend(alice), spend(alice)

    response = admin_client.post(
        f"{EXPENSES}{expense.pk}/change/", shown(admin_client, expense) | {"amount": "5.67", "category": "Öl"}
    )

    assertRedirects(response, EXPENSES)
    changed = Expense.objects.get(pk=expense.pk)
    assert (changed.amount, changed.category, changed.description) == (567, "Öl", "Lunch")
    assert changed.search_text == "ol\x1flunch"
    assert changed.revision == revision(alice) == 3
    assert changed.updated_at > expense.updated_at
    assert LogEntry.objects.get().get_change_message().lower() == "changed amount and category."


def test_saving_an_unchanged_form_changes_only_the_revision(admin_client: Client, alice: User) -> None:
    expense = spend(alice, description="one\ntwo")

    response = admin_client.post(f"{EXPENSES}{expense.pk}/change/", shown(admin_client, expense))

    assertRedirects(response, EXPENSES)
    row = Expense.objects.get(pk=expense.pk)
    # As every accepted PUT does, whatever it changes.
    after, before = ExpenseSerializer(row).data, ExpenseSerializer(expense).data
    assert after == before | {"revision": 2, "updated_at": after["updated_at"]}
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_stale_form_does_not_overwrite_a_newer_change(admin_client: Client, alice: User) -> None:
    expense = spend(alice)
    form = shown(admin_client, expense)
    actions.update_expense(owner=alice, expense_id=expense.pk, changes={"amount": 1})

    response = admin_client.post(f"{EXPENSES}{expense.pk}/change/", form | {"category": "Drinks"})

    assert errors(response) == ["__all__"]
    assertContains(response, "Somebody else has changed this expense since you opened it. Open it again.")
    expense.refresh_from_db()
    assert (expense.amount, expense.category) == (1, "Food")


def test_concurrent_forms_do_not_overwrite_each_other(
    admin_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    expense = spend(alice)
    form = shown(admin_client, expense)
    save_model = ExpenseAdmin.save_model

    def save_after_somebody_else(*args: Any, **kwargs: Any) -> None:
        actions.update_expense(owner=alice, expense_id=expense.pk, changes={"amount": 1})
        save_model(*args, **kwargs)

    monkeypatch.setattr(ExpenseAdmin, "save_model", save_after_somebody_else)

    response = admin_client.post(f"{EXPENSES}{expense.pk}/change/", form | {"category": "Drinks"})

    assert response.status_code == 412
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("seen", ["x", "2", "9" * 30])
def test_form_with_invalid_revision_changes_nothing(admin_client: Client, alice: User, seen: str) -> None:
    expense = spend(alice)

    response = admin_client.post(
        f"{EXPENSES}{expense.pk}/change/", shown(admin_client, expense) | {"amount": "5.67", "seen_revision": seen}
    )

    assert errors(response) in (["__all__"], ["seen_revision"])
    assert Expense.objects.get().amount == 1234


def test_form_without_revision_is_saved(admin_client: Client, alice: User) -> None:
    expense = spend(alice)

    response = admin_client.post(f"{EXPENSES}{expense.pk}/change/", LUNCH | {"amount": "5.67"})

    assertRedirects(response, EXPENSES)
    assert Expense.objects.get().amount == 567
    assert LogEntry.objects.get().get_change_message().lower() == "changed amount."


def test_forged_form_does_not_change_the_owner(admin_client: Client, alice: User, bob: User) -> None:
    expense = spend(alice)
    form = shown(admin_client, expense)
    assert "owner" not in form

    admin_client.post(f"{EXPENSES}{expense.pk}/change/", form | {"owner": str(bob.pk)})

    assert Expense.objects.get().owner == alice


def test_view_permission_shows_amounts_as_money(client: Client, alice: User, bob: User) -> None:
    client.force_login(staff(bob, "view_expense"))

    response = client.get(f"{EXPENSES}{spend(alice, category='Drinks').pk}/change/")

    assertContains(response, '<div class="readonly">Drinks</div>', html=True)
    assertContains(response, '<div class="readonly">12.34</div>', html=True)
