"""/admin/expenses/budget/: staff look after budgets."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import User
from expenses.models import Budget
from expenses.serializers.budget import BudgetSerializer
from expenses.tests.admin.pages import listed
from expenses.tests.admin.records import revision, set_budget
from expenses.tests.admin.staff import staff

BUDGETS = "/admin/expenses/budget/"


def test_list_shows_owner_category_and_money(admin_client: Client, alice: User, bob: User) -> None:
    bobs, alices, total = set_budget(bob), set_budget(alice), set_budget(alice, None, 5)

    response = admin_client.get(BUDGETS)

    assert set(listed(response)) == {alices, total, bobs}
    assertContains(response, f'<a href="{BUDGETS}{total.pk}/change/">all spending</a>', html=True, count=1)
    assertContains(response, f'<a href="{BUDGETS}{total.pk}/change/">0.05</a>', html=True, count=1)
    assertContains(response, f'<a href="{BUDGETS}{alices.pk}/change/">12.34</a>', html=True, count=1)
    assert listed(admin_client.get(BUDGETS, {"owner": "BOB"})) == [bobs]
    assert set(listed(admin_client.get(BUDGETS, {"category": "Food"}))) == {bobs, alices}


@pytest.mark.parametrize(("text", "category"), [("Food", "Food"), (" Cafe\u0301 ", "Café"), ("", None)])
def test_added_budget_is_stored_in_cents_and_allocates_a_revision(
    admin_client: Client, alice: User, text: str, category: str | None
) -> None:
    response = admin_client.post(f"{BUDGETS}add/", {"owner": alice.pk, "category": text, "amount": "12.34"})

    assertRedirects(response, BUDGETS)
    budget = Budget.objects.get()
    assert BudgetSerializer(budget).data == {"id": budget.pk, "category": category, "amount": 1234, "revision": 1}
    assert revision(alice) == 1
    assert LogEntry.objects.get().object_id == str(budget.pk)


@pytest.mark.parametrize(
    ("category", "message"),
    [
        ("Food", "Budget with this Owner and Category already exists."),
        ("", "The owner has a budget of all spending already."),
    ],
)
def test_duplicate_budget_is_refused(admin_client: Client, alice: User, category: str, message: str) -> None:
    set_budget(alice, category or None)

    response = admin_client.post(f"{BUDGETS}add/", {"owner": alice.pk, "category": category, "amount": "1"})

    assert response.context["adminform"].form.errors == {"__all__": [message]}
    assert Budget.objects.get().amount == 1234


@pytest.mark.parametrize(
    ("field", "text"),
    [("amount", "0"), ("amount", "1e5"), ("category", "x" * 41), ("category", "a\u202e"), ("owner", "")],
)
def test_invalid_budget_is_refused(admin_client: Client, alice: User, field: str, text: str) -> None:
    form = {"owner": alice.pk, "category": "Food", "amount": "1"}

    response = admin_client.post(f"{BUDGETS}add/", form | {field: text})

    assert list(response.context["adminform"].form.errors) == [field]
    assert not Budget.objects.exists()


@pytest.mark.parametrize("category", ["Food", None])
def test_only_the_amount_of_a_budget_can_be_changed(
    admin_client: Client, alice: User, bob: User, category: str | None
) -> None:
    budget = set_budget(alice, category)
    path = f"{BUDGETS}{budget.pk}/change/"
    assertContains(admin_client.get(path), 'name="amount" value="12.34"')

    response = admin_client.post(path, {"amount": "5.67", "category": "Other", "owner": bob.pk})

    assertRedirects(response, BUDGETS)
    row = Budget.objects.get()
    assert (row.pk, row.owner, row.category, row.amount, row.revision) == (budget.pk, alice, category, 567, 2)
    assert revision(alice) == 2
    assert LogEntry.objects.get().get_change_message().capitalize() == "Changed amount."


@pytest.mark.parametrize("how", ["one", "action"])
def test_deletion_allocates_a_revision_and_is_in_the_history(admin_client: Client, alice: User, how: str) -> None:
    budget = set_budget(alice)

    if how == "one":
        response = admin_client.post(f"{BUDGETS}{budget.pk}/delete/", {"post": "yes"})
    else:
        form = {"action": "delete_selected", "_selected_action": [str(budget.pk)], "post": "yes"}
        response = admin_client.post(BUDGETS, form)

    assertRedirects(response, BUDGETS)
    assert not Budget.objects.exists()
    assert revision(alice) == 2
    assert LogEntry.objects.get().object_repr == "Food: 12.34"


def test_view_permission_shows_amounts_as_money(client: Client, alice: User, bob: User) -> None:
    client.force_login(staff(bob, "view_budget"))

    response = client.get(f"{BUDGETS}{set_budget(alice, None).pk}/change/")

    for text in ("alice", "all spending", "12.34"):
        assertContains(response, f'<div class="readonly">{text}</div>', html=True)
