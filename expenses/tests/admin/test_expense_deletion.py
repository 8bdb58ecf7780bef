"""Deleting expenses in the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from expenses.models import Expense
from expenses.tests.admin.records import discard, revision, spend

EXPENSES = "/admin/expenses/expense/"


def test_deletion_keeps_the_row_with_a_new_revision(admin_client: Client, alice: User) -> None:
    expense = spend(alice)

    response = admin_client.post(f"{EXPENSES}{expense.pk}/delete/", {"post": "yes"})

    assertRedirects(response, EXPENSES)
    row = Expense.objects.get(pk=expense.pk)
    assert row.deleted_at is not None
    assert row.revision == revision(alice) == 2


def test_deletion_is_in_the_history(admin_client: Client, alice: User) -> None:
    expense = spend(alice)

    admin_client.post(f"{EXPENSES}{expense.pk}/delete/", {"post": "yes"})

    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.is_deletion(), entry.user.username) == (str(expense.pk), True, "admin")
    history = admin_client.get(f"{EXPENSES}{expense.pk}/history/")
    assert history.context["action_list"].object_list[0] == entry
    assertContains(history, "Moved to the trash.")


@pytest.mark.parametrize("how", ["one", "action"])
def test_whoever_deletes_hears_of_the_trash_first(admin_client: Client, alice: User, settings: Any, how: str) -> None:
    settings.BIN_DAYS = 30
    expense = spend(alice)

    if how == "one":
        response = admin_client.get(f"{EXPENSES}{expense.pk}/delete/")
    else:
        response = admin_client.post(EXPENSES, {"action": "delete_selected", "_selected_action": [str(expense.pk)]})

    assertContains(response, "Deleted expenses go to the trash, from which they can be restored for 30 days.")
    assert Expense.objects.live().count() == 1


@pytest.mark.usefixtures("groups")
def test_support_restores_what_was_deleted_by_mistake(client: Client, alice: User, bob: User) -> None:
    deleted = discard(alice)
    bob.is_staff = True
    bob.save()
    bob.groups.add(Group.objects.get(name="Support"))
    client.force_login(bob)
    path, form = f"{EXPENSES}?deleted=true", {"action": "restore", "_selected_action": [str(deleted.pk)]}
    choices = dict(client.get(path).context["action_form"].fields["action"].choices)

    response = client.post(path, form, follow=True)

    assert choices.keys() == {"", "restore"}
    assert [str(message) for message in response.context["messages"]] == ["1 expense was restored."]
    assert list(Expense.objects.live()) == [deleted]
    assert client.get(f"{EXPENSES}{deleted.pk}/delete/").status_code == 403


def test_expenses_of_several_owners_are_deleted_at_once(admin_client: Client, alice: User, bob: User) -> None:
    chosen = [spend(bob), spend(alice), spend(alice)]
    kept = [spend(alice), spend(bob)]
    form = {"action": "delete_selected", "_selected_action": [str(expense.pk) for expense in chosen], "post": "yes"}

    response = admin_client.post(EXPENSES, form)

    assertRedirects(response, EXPENSES)
    assert set(Expense.objects.live()) == set(kept)
    deleted = Expense.objects.exclude(deleted_at=None)
    assert sorted(deleted.values_list("owner__username", "revision")) == [("alice", 4), ("alice", 5), ("bob", 3)]
    assert (revision(alice), revision(bob)) == (5, 3)


def test_bulk_delete_is_capped(admin_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("expense_tracker.admin.CappedActionsAdmin.MOST_AT_ONCE", 2)
    ids = [str(spend(alice).pk) for _ in range(3)]
    form = {"action": "delete_selected", "_selected_action": ids[:1], "select_across": "1", "post": "yes"}

    response = admin_client.post(EXPENSES, form, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["Select at most 2 at once."]
    assert Expense.objects.live().count() == 3

    admin_client.post(f"{EXPENSES}{ids[0]}/delete/", {"post": "yes"})
    admin_client.post(EXPENSES, form | {"_selected_action": ids[1:2]})

    assert not Expense.objects.live().exists()


def test_deletion_runs_no_query_per_expense(
    admin_client: Client, alice: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ids = [str(spend(alice).pk) for _ in range(30)]
    form = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}

    with django_assert_max_num_queries(25):
        admin_client.post(EXPENSES, form)

    assert not Expense.objects.live().exists()
