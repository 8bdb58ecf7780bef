"""The writes of expenses and budgets. Each is one transaction that begins by taking numbers from the owner's ledger,
which locks it, so what is read after that cannot change before the commit."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Value
from django.db.models.functions import Concat, Substr
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from accounts.models import RevisionCounter
from expense_tracker.api.conditional import if_match_allows
from expense_tracker.db.transactions import atomic_write, writes_in_one_statement
from expenses import sql
from expenses.etags import expense_etag, revision_of
from expenses.exceptions import CategoryInUse, ExpenseChanged, ExpensesChanged, ExpensesNotFound
from expenses.models import Budget, Expense, ExpenseQuerySet
from expenses.models.expense import search_prefix
from expenses.rows import live_row

# A statement of more rows than this is slower for each of them.
BATCH = 2000


@atomic_write
def create_expenses(*, owner_id: int, expenses: list[Expense]) -> list[Expense]:
    """Stores new expenses of one owner; each gets a number of its own."""
    numbers = RevisionCounter.objects.allocate(user_id=owner_id, count=len(expenses))
    for expense, number in zip(expenses, numbers, strict=True):
        expense.owner_id, expense.revision = owner_id, number
    return Expense.objects.bulk_create(expenses, batch_size=BATCH)


def create_expense(*, owner_id: int, **values: Any) -> Expense:
    expense = Expense(owner_id=owner_id, **values)
    if writes_in_one_statement():
        sql.insert(expense)
    else:
        create_expenses(owner_id=owner_id, expenses=[expense])
    return expense


def update_expense(
    *,
    owner_id: int,
    expense_id: int,
    changes: dict[str, Any],
    if_match: str | None = None,
    last: int | None = None,
) -> dict[str, Any]:
    """Changes what `changes` names, and answers the expense's row. `last`, the owner's last number as the caller has
    read it, can spare reading the expense and locking the ledger first.

    Raises Http404 where the owner has no such expense, and ExpenseChanged where its entity tag is not in the header
    `if_match`."""
    change: dict[str, Any] = {"owner_id": owner_id, "expense_id": expense_id, "changes": changes}
    row = None
    seen = None if if_match is None else revision_of(if_match)
    # One statement compares with one revision, not with `*` or a list.
    is_comparable = if_match is None or seen is not None
    if last is not None and is_comparable and writes_in_one_statement():
        row = sql.update(**change, last=last, seen=seen)
    return row or update_locked(**change, if_match=if_match)


@atomic_write
def update_locked(*, owner_id: int, expense_id: int, changes: dict[str, Any], if_match: str | None) -> dict[str, Any]:
    [number] = RevisionCounter.objects.allocate(user_id=owner_id, count=1)
    expense = Expense(**live_row(owner_id=owner_id, expense_id=expense_id))
    if not if_match_allows(if_match, expense_etag(expense.revision)):
        raise ExpenseChanged
    for name, value in changes.items():
        setattr(expense, name, value)
    expense.revision = number
    expense.save(update_fields=[*changes, "revision", "updated_at", "search_text"])
    return expense.as_row()


def delete_expense(*, owner_id: int, expense_id: int, if_match: str | None = None, last: int | None = None) -> None:
    """Moves one expense to the bin; all else as with `update_expense`."""
    changes = {"deleted_at": timezone.now()}
    update_expense(owner_id=owner_id, expense_id=expense_id, changes=changes, if_match=if_match, last=last)


@atomic_write
def restore_expense(*, owner_id: int, expense_id: int) -> Expense:
    """Brings one expense back from the bin; one that is live stays as it is. Raises Http404 where the owner has no such
    expense, or where its content has been forgotten."""
    RevisionCounter.objects.lock(user_id=owner_id)
    expense = get_object_or_404(Expense, owner_id=owner_id, pk=expense_id)
    if expense.deleted_at is None:
        return expense
    [number] = RevisionCounter.objects.allocate(user_id=owner_id, count=1)
    now = timezone.now()
    # `manage.py prune` waits for no ledger: what it has blanked in the meantime is gone.
    if not Expense.objects.in_trash().filter(pk=expense.pk).update(deleted_at=None, revision=number, updated_at=now):
        raise Http404
    expense.deleted_at, expense.revision, expense.updated_at = None, number, now
    return expense


def delete_expenses(*, expenses: Iterable[Expense]) -> list[Expense]:
    """Moves expenses of any owners to the bin, for staff, and answers those that were not there yet."""
    return move_expenses(expenses, of=Expense.objects.live(), deleted_at=timezone.now())


def restore_expenses(*, expenses: Iterable[Expense]) -> list[Expense]:
    """Brings expenses of any owners back from the bin, for staff, and answers those that were there."""
    return move_expenses(expenses, of=Expense.objects.in_trash(), deleted_at=None)


def move_expenses(expenses: Iterable[Expense], *, of: ExpenseQuerySet, deleted_at: datetime | None) -> list[Expense]:
    owners = {expense.pk: expense.owner_id for expense in expenses}
    counts = Counter(owners.values())
    with transaction.atomic():
        # In ascending order, as everyone who locks several ledgers, so that two of them cannot wait for each other.
        numbers = {
            owner_id: iter(RevisionCounter.objects.allocate(user_id=owner_id, count=counts[owner_id]))
            for owner_id in sorted(counts)
        }
        # Locked, since `manage.py prune` waits for no ledger: it must not blank what is written back here.
        rows = list(of.select_for_update().in_bulk(owners).values())
        for row in rows:
            row.deleted_at, row.revision = deleted_at, next(numbers[row.owner_id])
        Expense.objects.bulk_save(rows)
    return rows


@atomic_write
def change_expenses(
    *, owner_id: int, create: list[dict[str, Any]], update: list[dict[str, Any]], delete: list[int]
) -> tuple[list[Expense], list[Expense]]:
    """Creates, updates and deletes expenses, all or nothing, in a constant number of statements; answers those created
    and those updated, in order. What to update has an `id` and perhaps an `if_revision`; no id is named twice.

    Raises ExpensesNotFound and ExpensesChanged, with pointers into these arguments."""
    numbers = iter(RevisionCounter.objects.allocate(user_id=owner_id, count=len(create) + len(update) + len(delete)))
    ids = [*(change["id"] for change in update), *delete]
    found = Expense.objects.live().filter(owner_id=owner_id).in_bulk(ids)
    places: list[tuple[str, ...]] = [("update", str(index), "id") for index in range(len(update))]
    places += [("delete", str(index)) for index in range(len(delete))]
    if missing := [place for place, expense_id in zip(places, ids, strict=True) if expense_id not in found]:
        raise ExpensesNotFound(paths=missing)
    stale = [
        ("update", str(index), "if_revision")
        for index, change in enumerate(update)
        if change.get("if_revision", found[change["id"]].revision) != found[change["id"]].revision
    ]
    if stale:
        raise ExpensesChanged(paths=stale)
    now = timezone.now()
    created = [Expense(owner_id=owner_id, revision=next(numbers), **values) for values in create]
    for change in update:
        expense = found[change["id"]]
        for name, value in change.items():
            if name != "if_revision":
                setattr(expense, name, value)
        expense.revision = next(numbers)
    for expense_id in delete:
        found[expense_id].deleted_at, found[expense_id].revision = now, next(numbers)
    Expense.objects.bulk_create(created)
    Expense.objects.bulk_save(found.values())
    return created, [found[change["id"]] for change in update]


@atomic_write
def rename_category(*, owner_id: int, old: str, new: str, merge: bool) -> int:
    """Moves all expenses, those in the bin too, and the budget from one category to another, and says how many live
    expenses that were. Raises Http404 where there is nothing of the old category, and CategoryInUse where there is
    something of the new one, unless `merge`: then the new one's budget stays."""
    RevisionCounter.objects.lock(user_id=owner_id)
    expenses = Expense.objects.filter(owner_id=owner_id)
    budgets = {budget.category: budget for budget in Budget.objects.filter(owner_id=owner_id, category__in=[old, new])}
    moved = expenses.filter(category=old)
    counts = moved.aggregate(all=Count("pk"), live=Count("pk", filter=Q(deleted_at=None)))
    if not counts["all"] and old not in budgets:
        raise Http404
    if not merge and (new in budgets or expenses.filter(category=new).exists()):
        raise CategoryInUse
    numbers = RevisionCounter.objects.allocate(user_id=owner_id, count=counts["all"] + (old in budgets))
    moved.assign_revisions(numbers[: counts["all"]])
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


@atomic_write
def set_budget(*, owner_id: int, category: str | None, amount: int) -> tuple[Budget, bool]:
    """Creates or replaces the limit of a category, or of all spending, and says whether it is new."""
    [number] = RevisionCounter.objects.allocate(user_id=owner_id, count=1)
    return Budget.objects.update_or_create(
        owner_id=owner_id, category=category, defaults={"amount": amount, "revision": number}
    )


@atomic_write
def delete_budget(*, owner_id: int, budget_id: int) -> None:
    """Deletes one limit. Raises Http404 where the owner has no such budget."""
    RevisionCounter.objects.allocate(user_id=owner_id, count=1)
    deleted, _ = Budget.objects.filter(owner_id=owner_id, pk=budget_id).delete()
    if not deleted:
        raise Http404
