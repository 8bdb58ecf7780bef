"""/admin/expenses/expense/?deleted=true: deleted expenses, and their restoration"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import RevisionCounter, User
from expense_tracker.tests.concurrency import DEVICES, run_concurrently
from expenses.models import Expense
from expenses.tests.admin.pages import listed
from expenses.tests.admin.records import discard, spend
from expenses.tests.admin.staff import staff

EXPENSES = "/admin/expenses/expense/"
TRASH = f"{EXPENSES}?deleted=true"


def test_trash_is_a_separate_list(admin_client: Client, alice: User) -> None:
    live, deleted = spend(alice), discard(alice)

    assert listed(admin_client.get(EXPENSES)) == [live]
    assert listed(admin_client.get(TRASH)) == [deleted]


def test_deleted_expense_is_read_only(admin_client: Client, alice: User) -> None:
    deleted = discard(alice, category="Drinks")
    path = f"{EXPENSES}{deleted.pk}/"

    response = admin_client.get(f"{path}change/")

    assert not response.context["has_change_permission"]
    for text in ("12.34", "Drinks", "Lunch"):
        assertContains(response, f'<div class="readonly">{text}</div>', html=True)
    assertContains(response, "Deleted at:")
    assertNotContains(response, 'type="submit" value="Save"')
    assert admin_client.get(f"{path}history/").status_code == 200
    assert admin_client.get(f"{path}delete/").status_code == 403
    for page in ("change", "delete"):
        assert admin_client.post(f"{path}{page}/", {"post": "yes", "amount": "1"}).status_code == 403
    deleted.refresh_from_db()
    assert (deleted.amount, deleted.revision) == (1234, 2)


def test_pruned_expense_is_never_shown(admin_client: Client, alice: User) -> None:
    forgotten = discard(alice)
    Expense.objects.update(deleted_at=timezone.now() - timedelta(days=30))
    call_command("prune")

    assert Expense.objects.get().amount == 0
    assert listed(admin_client.get(TRASH)) == []
    for page in ("change", "delete", "history"):
        assertRedirects(admin_client.get(f"{EXPENSES}{forgotten.pk}/{page}/"), "/admin/")


@pytest.mark.parametrize(("path", "action"), [(EXPENSES, "delete_selected"), (TRASH, "restore")])
def test_list_offers_only_its_own_actions(admin_client: Client, alice: User, path: str, action: str) -> None:
    spend(alice), discard(alice)

    choices = dict(admin_client.get(path).context["action_form"].fields["action"].choices)

    assert choices.keys() == {"", action}


def test_expenses_of_several_owners_are_restored_at_once(admin_client: Client, alice: User, bob: User) -> None:
    chosen = [discard(bob), discard(alice), discard(alice)]
    left = [discard(alice), discard(bob)]
    form = {"action": "restore", "_selected_action": [str(expense.pk) for expense in chosen]}

    response = admin_client.post(TRASH, form, follow=True)

    assertRedirects(response, TRASH)
    assert [str(message) for message in response.context["messages"]] == ["3 expenses were restored."]
    assert set(Expense.objects.in_trash()) == set(left)
    restored = Expense.objects.live()
    assert set(restored) == set(chosen)
    assert sorted(restored.values_list("owner__username", "revision")) == [("alice", 7), ("alice", 8), ("bob", 5)]
    assert dict(RevisionCounter.objects.values_list("user__username", "revision")) == {"bob": 5, "alice": 8}
    for expense in chosen:
        [entry] = LogEntry.objects.filter(object_id=expense.pk)
        assert (entry.get_change_message(), entry.user.username) == ("Restored.", "admin")


def test_restore_runs_no_query_per_expense(
    admin_client: Client, alice: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ids = [str(discard(alice).pk) for _ in range(30)]

    with django_assert_max_num_queries(25):
        admin_client.post(TRASH, {"action": "restore", "_selected_action": ids})

    assert Expense.objects.live().count() == 30


@pytest.mark.parametrize("path", [EXPENSES, TRASH])
def test_view_permission_does_not_allow_restore(client: Client, alice: User, bob: User, path: str) -> None:
    deleted = discard(alice)
    client.force_login(staff(bob, "view_expense"))

    response = client.post(path, {"action": "restore", "_selected_action": [str(deleted.pk)]})

    assert response.status_code == 200
    assert not Expense.objects.live().exists()


@pytest.mark.django_db(transaction=True)
def test_concurrent_delete_and_restore_do_not_deadlock(admin_user: User, alice: User, bob: User) -> None:
    ids = [str(discard(owner).pk) for owner in (alice, bob, alice, bob)]
    clients = [Client() for _ in range(DEVICES)]
    for client in clients:
        client.force_login(admin_user)

    def move(device: int) -> list[int]:
        deletion = {"action": "delete_selected", "post": "yes", "_selected_action": ids[:: (-1) ** device]}
        restore = {"action": "restore", "_selected_action": ids}
        return [
            clients[device].post(path, form).status_code for path, form in ((TRASH, restore), (EXPENSES, deletion)) * 3
        ]

    assert {status for statuses in run_concurrently(move) for status in statuses} == {302}

    for owner in (alice, bob):
        revisions = owner.expenses.values_list("revision", flat=True)
        assert len(set(revisions)) == 2
        assert max(revisions) <= RevisionCounter.objects.get(user=owner).revision
