"""The migration that rewrites what was stored before accents were folded and spaces were made plain."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from rest_framework.test import APIClient

from accounts.models import RevisionCounter
from expenses.models import Budget, Expense
from expenses.tests.api import discard, listed, set_budget, spend

migration: Any = import_module("expenses.migrations.0009_fold_accents")
NBSP = "\u00a0"


def store_old_text(expense_id: int, category: str, description: str | None = None) -> None:
    search_text = f"{category.casefold()}\x1f{(description or '').casefold()}"
    Expense.objects.filter(pk=expense_id).update(category=category, description=description, search_text=search_text)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "CHUNK", 2)


def test_stored_text_is_found_without_accents_and_keeps_its_revision(alice: APIClient, bob: APIClient) -> None:
    found = [spend(alice) for _ in range(5)]
    for expense in found:
        store_old_text(expense["id"], "Bäckerei", "Café")
    his = spend(bob)
    store_old_text(his["id"], "İstanbul")
    revisions = list(RevisionCounter.objects.order_by("pk").values())

    migration.rewrite(apps, None)

    assert [row["id"] for row in listed(alice, ("search", "cafe backerei"))] == [row["id"] for row in found[::-1]]
    assert [row["id"] for row in listed(bob, ("search", "istanbul"))] == [his["id"]]
    assert {row["revision"] for row in listed(alice)} == {row["revision"] for row in found}
    assert list(RevisionCounter.objects.order_by("pk").values()) == revisions


def test_spaces_become_plain_and_appear_as_changes(alice: APIClient) -> None:
    plain = spend(alice, category="Eating out")
    odd, other = spend(alice), spend(alice)
    binned = discard(alice)["id"]
    store_old_text(odd["id"], f"Eating{NBSP}out", f"12{NBSP}€")
    store_old_text(other["id"], f"Eating{NBSP}in")
    store_old_text(binned, f"Eating{NBSP}out")
    last = RevisionCounter.objects.get().revision

    migration.rewrite(apps, None)

    assert [row["id"] for row in listed(alice, ("category", "Eating out"))] == [odd["id"], plain["id"]]
    changes = alice.get("/api/expenses/changes", {"since": last}).json()
    assert [(row["id"], row["category"], row["description"]) for row in changes["changed"]] == [
        (odd["id"], "Eating out", "12 €"),
        (other["id"], "Eating in", None),
    ]
    assert Expense.objects.get(pk=binned).category == "Eating out"
    assert RevisionCounter.objects.get().revision == last + 3
    assert spend(alice)["revision"] == last + 4


def test_budgets_are_renamed_unless_the_plain_name_has_one(alice: APIClient) -> None:
    kept = set_budget(alice, "Eating out", 100)
    odd, other = set_budget(alice, "x", 200), set_budget(alice, "y", 300)
    Budget.objects.filter(pk=odd["id"]).update(category=f"Eating{NBSP}out")
    Budget.objects.filter(pk=other["id"]).update(category=f"Eating{NBSP}in")

    migration.rewrite(apps, None)

    assert list(Budget.objects.order_by("pk").values_list("pk", "category", "amount")) == [
        (kept["id"], "Eating out", 100),
        (other["id"], "Eating in", 300),
    ]
    assert RevisionCounter.objects.get().revision == other["revision"] + 2


def test_rows_without_accents_are_not_read(alice: APIClient, django_assert_num_queries: Callable[..., Any]) -> None:
    spend(alice, description="Lunch")

    with django_assert_num_queries(2):  # the owners of other text, and the budgets
        migration.rewrite(apps, None)
