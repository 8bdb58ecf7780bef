"""/admin/expenses/expense/: staff look after expenses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.models import RevisionCounter, User
from expenses import actions
from expenses.admin import ExpenseAdmin
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer
from expenses.tests.admin.records import listed, revision, spend
from expenses.tests.admin.staff import staff

EXPENSES = "/admin/expenses/expense/"
LUNCH = {"amount": "12.34", "category": "Food", "description": "Lunch", "date": "2026-01-21"}


def errors(response: Any) -> list[str]:
    """The fields that the form which is shown again complains about."""
    assert response.status_code == 200
    return list(response.context["adminform"].form.errors)


def shown(client: Client, expense: Expense) -> dict[str, str]:
    """What a browser sends when somebody opens the change form and saves it as it is."""
    form = client.get(f"{EXPENSES}{expense.pk}/change/").context["adminform"].form
    values = {field.name: field.value() for field in form}
    values |= {field.html_initial_name: field.initial for field in form if field.field.show_hidden_initial}
    return {name: str(value or "").replace("\n", "\r\n") for name, value in values.items()}


def test_the_list_shows_owner_and_money_newest_first(admin_client: Client, alice: User) -> None:
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
        ("k\u0131l\u0131m", False),
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
    assert ExpenseSerializer(expense).data == {
        "id": expense.pk,
        "amount": 1234,
        "category": "Food",
        "description": "Lunch",
        "date": date(2026, 1, 21),
        "created_at": expense.created_at,
        "updated_at": expense.updated_at,
        "owner_id": alice.pk,
        "revision": 2,
    }
    assert revision(alice) == 2
    assert not RevisionCounter.objects.filter(user=bob).exists()


@pytest.mark.parametrize(
    ("amount", "cents"), [("0.01", 1), ("7", 700), ("0.1", 10), ("9999999999.99", 999_999_999_999)]
)
def test_an_amount_is_stored_in_cents_and_shown_as_money(
    admin_client: Client, alice: User, amount: str, cents: int
) -> None:
    admin_client.post(f"{EXPENSES}add/", LUNCH | {"owner": str(alice.pk), "amount": amount})

    expense = Expense.objects.get()
    assert expense.amount == cents
    assert shown(admin_client, expense)["amount"] == f"{cents / 100:.2f}"


@pytest.mark.parametrize(
    "amount",
    [
        *("", "0", "0.00", "-1", "1.234", "abc", "1,50", "NaN", "Infinity", "10000000000", "9" * 400, "1e999999999"),
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
        ("description", "Lun\u200bch"),
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


def test_change_allocates_a_revision_and_appears_in_sync(admin_client: Client, alice: User) -> None:
    expense, _ = spend(alice), spend(alice)

    response = admin_client.post(
        f"{EXPENSES}{expense.pk}/change/", shown(admin_client, expense) | {"amount": "5.67", "category": "Öl"}
    )

    assertRedirects(response, EXPENSES)
    changed = Expense.objects.get(pk=expense.pk)
    assert (changed.amount, changed.category, changed.description) == (567, "Öl", "Lunch")
    assert changed.search_text == "öl\x1flunch"
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


def test_deletion_keeps_the_row_with_a_new_revision(admin_client: Client, alice: User) -> None:
    expense = spend(alice)

    response = admin_client.post(f"{EXPENSES}{expense.pk}/delete/", {"post": "yes"})

    assertRedirects(response, EXPENSES)
    row = Expense.objects.get(pk=expense.pk)
    assert row.deleted_at is not None
    assert row.revision == revision(alice) == 2


def test_a_deletion_is_in_the_history(admin_client: Client, alice: User) -> None:
    expense = spend(alice)

    admin_client.post(f"{EXPENSES}{expense.pk}/delete/", {"post": "yes"})

    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.is_deletion(), entry.user.username) == (str(expense.pk), True, "admin")
    assert admin_client.get(f"{EXPENSES}{expense.pk}/history/").context["action_list"].object_list[0] == entry


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


def test_deleting_many_needs_no_query_for_a_single_expense(
    admin_client: Client, alice: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ids = [str(spend(alice).pk) for _ in range(30)]
    form = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}

    with django_assert_max_num_queries(25):
        admin_client.post(EXPENSES, form)

    assert not Expense.objects.live().exists()
