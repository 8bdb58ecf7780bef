"""The writes of expenses. Each is one transaction that begins by taking numbers from the owner's ledger, which locks
it, so what is read after that cannot change before the commit."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import Ledger
from expenses.models import Expense


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
