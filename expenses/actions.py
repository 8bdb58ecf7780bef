"""The writes of expenses and budgets. Each is one transaction that begins by taking numbers from the owner's ledger,
which locks it, so what is read after that cannot change before the commit."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Value
from django.db.models.functions import Concat, Substr
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.exceptions import APIException

from accounts.models import Ledger
from expenses.models import Budget, Expense
from expenses.models.expenses import search_prefix


@transaction.atomic
def create_expenses(*, owner_id: int, expenses: list[Expense]) -> list[Expense]:
    """Stores new expenses of one owner; each gets a number of its own."""
    numbers = Ledger.objects.take_numbers(user_id=owner_id, count=len(expenses))
    for expense, number in zip(expenses, numbers, strict=True):
        expense.owner_id, expense.revision = owner_id, number
    return Expense.objects.bulk_create(expenses)


def create_expense(*, owner_id: int, **values: Any) -> Expense:
    [expense] = create_expenses(owner_id=owner_id, expenses=[Expense(**values)])
    return expense


@transaction.atomic
def update_expense(*, owner_id: int, expense_id: int, changes: dict[str, Any]) -> Expense:
    """Changes what `changes` names. Raises Http404 where the owner has no such expense."""
    [number] = Ledger.objects.take_numbers(user_id=owner_id, count=1)
    expense = get_object_or_404(Expense.objects.live(), owner_id=owner_id, pk=expense_id)
    for name, value in changes.items():
        setattr(expense, name, value)
    expense.revision = number
    expense.save(update_fields=[*changes, "revision", "updated_at", "search_text"])
    return expense


@transaction.atomic
def delete_expense(*, owner_id: int, expense_id: int) -> None:
    """Deletes one expense. Raises Http404 where the owner has no such expense."""
    [number] = Ledger.objects.take_numbers(user_id=owner_id, count=1)
    deleted = Expense.objects.live().filter(owner_id=owner_id, pk=expense_id)
    if not deleted.update(deleted_at=timezone.now(), revision=number):
        raise Http404


def delete_expenses(*, expenses: Iterable[Expense]) -> int:
    """Deletes expenses of any owners, for staff, and says how many: those deleted already are passed over."""
    owners = {expense.pk: expense.owner_id for expense in expenses}
    counts = Counter(owners.values())
    with transaction.atomic():
        # In ascending order, as everyone who locks several ledgers, so that two of them cannot wait for each other.
        numbers = {
            owner_id: iter(Ledger.objects.take_numbers(user_id=owner_id, count=counts[owner_id]))
            for owner_id in sorted(counts)
        }
        rows = Expense.objects.live().in_bulk(owners)
        for row in rows.values():
            row.deleted_at, row.revision = timezone.now(), next(numbers[row.owner_id])
        return Expense.objects.bulk_update(rows.values(), ["deleted_at", "revision"], batch_size=500)


class CategoryInUse(APIException):
    status_code = 409
    default_detail = "There are expenses or a budget of this category already; send merge to put them together."
    default_code = "category_in_use"


@transaction.atomic
def rename_category(*, owner_id: int, old: str, new: str, merge: bool) -> int:
    """Moves all expenses, those in the bin too, and the budget from one category to another, and says how many live
    expenses that were. Raises Http404 where there is nothing of the old category, and CategoryInUse where there is
    something of the new one, unless `merge`: then the new one's budget stays."""
    Ledger.objects.take_numbers(user_id=owner_id, count=0)
    expenses = Expense.objects.filter(owner_id=owner_id)
    budgets = {budget.category: budget for budget in Budget.objects.filter(owner_id=owner_id, category__in=[old, new])}
    moved = expenses.filter(category=old)
    counts = moved.aggregate(all=Count("pk"), live=Count("pk", filter=Q(deleted_at=None)))
    if not counts["all"] and old not in budgets:
        raise Http404
    if not merge and (new in budgets or expenses.filter(category=new).exists()):
        raise CategoryInUse
    numbers = Ledger.objects.take_numbers(user_id=owner_id, count=counts["all"] + (old in budgets))
    moved.stamp(numbers[: counts["all"]])
    moved.update(
        category=new,
        search_text=Concat(Value(search_prefix(new)), Substr("search_text", len(search_prefix(old)) + 1)),
        updated_at=timezone.now(),
    )
    if new in budgets and old in budgets:
        budgets[old].delete()
    elif old in budgets:
        budgets[old].category, budgets[old].revision = new, numbers[-1]
        budgets[old].save(update_fields=["category", "revision"])
    return int(counts["live"])


@transaction.atomic
def set_budget(*, owner_id: int, category: str | None, amount: int) -> tuple[Budget, bool]:
    """Creates or replaces the limit of a category, or of all spending, and says whether it is new."""
    [number] = Ledger.objects.take_numbers(user_id=owner_id, count=1)
    return Budget.objects.update_or_create(
        owner_id=owner_id, category=category, defaults={"amount": amount, "revision": number}
    )


@transaction.atomic
def delete_budget(*, owner_id: int, budget_id: int) -> None:
    """Deletes one limit. Raises Http404 where the owner has no such budget."""
    Ledger.objects.take_numbers(user_id=owner_id, count=1)
    deleted, _ = Budget.objects.filter(owner_id=owner_id, pk=budget_id).delete()
    if not deleted:
        raise Http404
