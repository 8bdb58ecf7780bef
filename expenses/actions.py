"""The writes of expenses and budgets.

Each is one transaction that begins by allocating revisions of the owner, which locks the owner's revision counter: what
is read after that cannot change before the commit."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Count, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone

from accounts.models import RevisionCounter, User
from expense_tracker.db.transactions import atomic_write
from expense_tracker.exceptions import Missing
from expenses import sql
from expenses.exceptions import CategoryInUse, ExpenseDeleted
from expenses.models import Budget, Expense, ExpenseQuerySet
from expenses.models.expense import search_prefix

# A statement of more rows than this is slower for each of them.
BATCH = 2000


@atomic_write
def create_expenses(*, owner: User, expenses: list[Expense]) -> list[Expense]:
    """Store new expenses of one owner; each gets a revision of its own."""
    count = len(expenses)
    revisions = RevisionCounter.objects.allocate(user_id=owner.pk, count=count, more_expenses=count)
    for expense, revision in zip(expenses, revisions, strict=True):
        expense.owner_id, expense.revision = owner.pk, revision
    return Expense.objects.bulk_create(expenses, batch_size=BATCH)


def create_expense(*, owner: User, external_id: str | None = None, **content: Any) -> tuple[Expense, bool]:
    """Store an expense and return it with True, or the one that has the external id already with False.

    Raise ExpenseDeleted where that one is in the trash."""
    found = find_created(owner, external_id)
    if found is None:
        expense = Expense(owner_id=owner.pk, external_id=external_id, **{"date": owner.today()} | content)
        try:
            sql.insert_expense(expense)
        except IntegrityError:
            # Another request with this external id was faster.
            found = find_created(owner, external_id)
            if found is None:
                raise
        else:
            return expense, True
    if found.deleted_at is not None:
        raise ExpenseDeleted(found.pk)
    return found, False


def find_created(owner: User, external_id: str | None) -> Expense | None:
    """Return the owner's expense with the external id, be it in the trash."""
    if external_id is None:
        return None
    return Expense.objects.owned_by(owner).filter(external_id=external_id).first()


def update_expense(
    *, owner: User, expense_id: int, changes: dict[str, Any], expected_revisions: Collection[int] | None = None
) -> Expense:
    """Change what `changes` names, and return the expense.

    Raise Missing where the owner has no such expense, and ExpenseChanged where its revision is not an expected one."""
    return sql.update_expense(
        owner=owner, expense_id=expense_id, changes=changes, expected_revisions=expected_revisions
    )


def delete_expense(*, owner: User, expense_id: int, expected_revisions: Collection[int] | None = None) -> None:
    """Move one expense to the trash. Raise as `update_expense` does."""
    sql.update_expense(
        owner=owner,
        expense_id=expense_id,
        changes={"deleted_at": timezone.now()},
        expected_revisions=expected_revisions,
    )


@atomic_write
def restore_expense(*, owner: User, expense_id: int) -> Expense:
    """Bring one expense back from the trash; one that is live stays as it is.

    Raise Missing where the owner has no such expense, or where it has been purged."""
    RevisionCounter.objects.lock(user_id=owner.pk)
    expense: Expense | None = Expense.objects.owned_by(owner).filter(pk=expense_id).first()
    if expense is None:
        raise Missing
    if expense.deleted_at is None:
        return expense
    [revision] = RevisionCounter.objects.allocate(user_id=owner.pk, count=1, more_expenses=1)
    now = timezone.now()
    # `manage.py prune` waits for no revision counter: what it has purged meanwhile is gone.
    in_trash = Expense.objects.in_trash().filter(pk=expense.pk)
    if not in_trash.update(deleted_at=None, revision=revision, updated_at=now):
        raise Missing
    expense.deleted_at, expense.revision, expense.updated_at = None, revision, now
    return expense


def delete_expenses(*, expenses: Iterable[Expense]) -> list[Expense]:
    """Move expenses of any owners to the trash, for staff, and return those that were not there yet."""
    return move_expenses(expenses, of=Expense.objects.live(), deleted_at=timezone.now())


def restore_expenses(*, expenses: Iterable[Expense]) -> list[Expense]:
    """Bring expenses of any owners back from the trash, for staff, and return those that were there."""
    return move_expenses(expenses, of=Expense.objects.in_trash(), deleted_at=None)


@atomic_write
def move_expenses(expenses: Iterable[Expense], *, of: ExpenseQuerySet, deleted_at: datetime | None) -> list[Expense]:
    owners = {expense.pk: expense.owner_id for expense in expenses}
    # In ascending order, as everyone who locks several counters, so that two of them cannot wait for each other.
    for owner_id in sorted(set(owners.values())):
        RevisionCounter.objects.lock(user_id=owner_id)
    # Locked, since `manage.py prune` waits for no revision counter: it must not purge what is written back here.
    rows = list(of.select_for_update().in_bulk(owners).values())
    revisions = {}
    for owner_id, count in Counter(row.owner_id for row in rows).items():
        more = count if deleted_at is None else -count
        revisions[owner_id] = iter(RevisionCounter.objects.allocate(user_id=owner_id, count=count, more_expenses=more))
    for row in rows:
        row.deleted_at, row.revision = deleted_at, next(revisions[row.owner_id])
    Expense.objects.bulk_save(rows)
    return rows


@atomic_write
def rename_category(*, owner: User, old: str, new: str, merge: bool) -> int:
    """Move all expenses, those in the trash too, and the budget from one category to another, and return how many live
    expenses that were.

    Raise Missing where there is nothing of the old category, and CategoryInUse where there is something of the new one,
    unless `merge`: then the new one's budget stays."""
    RevisionCounter.objects.lock(user_id=owner.pk)
    expenses = Expense.objects.owned_by(owner)
    budgets = {budget.category: budget for budget in Budget.objects.owned_by(owner).filter(category__in=[old, new])}
    moved = expenses.filter(category=old)
    counts = moved.aggregate(all=Count("pk"), live=Count("pk", filter=Q(deleted_at=None)))
    if not counts["all"] and old not in budgets:
        raise Missing
    if not merge and (new in budgets or expenses.filter(category=new).exists()):
        raise CategoryInUse
    revisions = RevisionCounter.objects.allocate(user_id=owner.pk, count=counts["all"] + (old in budgets))
    moved.assign_revisions(revisions[: counts["all"]])
    moved.update(
        category=new,
        search_text=Concat(Value(search_prefix(new)), Substr("search_text", len(search_prefix(old)) + 1)),
        updated_at=timezone.now(),
    )
    if new in budgets and old in budgets:
        budgets[old].delete()
    elif old in budgets:
        budgets[old].category, budgets[old].revision = new, revisions[-1]
        budgets[old].save(update_fields=["category", "revision"])
    return int(counts["live"])


@atomic_write
def set_budget(*, owner: User, category: str | None, amount: int) -> tuple[Budget, bool]:
    """Create or replace the limit of a category, or of all spending, and return it with whether it is new."""
    [revision] = RevisionCounter.objects.allocate(user_id=owner.pk, count=1)
    return Budget.objects.update_or_create(
        owner=owner, category=category, defaults={"amount": amount, "revision": revision}
    )


@atomic_write
def delete_budget(*, owner: User, budget_id: int) -> None:
    """Delete one limit. Raise Missing where the owner has no such budget."""
    RevisionCounter.objects.allocate(user_id=owner.pk, count=1)
    deleted, _ = Budget.objects.owned_by(owner).filter(pk=budget_id).delete()
    if not deleted:
        raise Missing
