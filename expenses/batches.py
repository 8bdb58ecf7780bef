"""Many writes of expenses of one owner in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import RevisionCounter, User
from expense_tracker.db.transactions import atomic_write
from expense_tracker.exceptions import Fault
from expenses.exceptions import BatchRefused, ExpenseDeleted, ExpenseNotFound, RevisionChanged
from expenses.models import Expense


@dataclass(frozen=True)
class Changes:
    """The result of a batch: expenses, and ids of deleted ones, each in the order of the request."""

    created: list[Expense]
    updated: list[Expense]
    deleted: list[int]


@atomic_write
def change_expenses(
    *, owner: User, create: list[dict[str, Any]], update: list[dict[str, Any]], delete: list[dict[str, Any]]
) -> Changes:
    """Create, update and delete expenses, all or nothing, in a constant number of statements.

    Members of `create` are content fields and perhaps an `external_id`; where that is there already, nothing is stored
    and that expense takes its place. Members of `update` are `id`, content fields and perhaps `if_revision`; of
    `delete`, `id` and perhaps `if_revision`. What is deleted already is done. No id is named twice.

    Raise BatchRefused, with all faults of the batch at once."""
    RevisionCounter.objects.lock(user_id=owner.pk)
    mine = Expense.objects.owned_by(owner)
    found = mine.in_bulk([*(change["id"] for change in update), *(each["id"] for each in delete)])
    external_ids = [values["external_id"] for values in create if values.get("external_id") is not None]
    known = {expense.external_id: expense for expense in mine.filter(external_id__in=external_ids)}
    if faults := [*faults_of(create, update, delete, found, known)]:
        raise BatchRefused(faults)
    now = timezone.now()
    default = {"owner_id": owner.pk, "date": owner.today()}
    created = [known.get(values.get("external_id")) or Expense(**default | values) for values in create]
    new = [expense for expense in created if expense.pk is None]
    gone = [found[each["id"]] for each in delete if found[each["id"]].deleted_at is None]
    revisions = iter(
        RevisionCounter.objects.allocate(
            user_id=owner.pk, count=len(new) + len(update) + len(gone), more_expenses=len(new) - len(gone)
        )
    )
    for change in update:
        for name, value in change.items():
            if name != "if_revision":
                setattr(found[change["id"]], name, value)
    for expense in gone:
        expense.deleted_at = now
    updated = [found[change["id"]] for change in update]
    for expense in (*new, *updated, *gone):
        expense.revision = next(revisions)
    Expense.objects.bulk_create(new)
    Expense.objects.bulk_save([*updated, *gone])
    return Changes(created, updated, [each["id"] for each in delete])


def faults_of(
    create: list[dict[str, Any]],
    update: list[dict[str, Any]],
    delete: list[dict[str, Any]],
    found: dict[int, Expense],
    known: dict[str | None, Expense],
) -> Iterable[Fault]:
    """Yield the faults of a batch: expenses that are missing, changed, or created before and now in the trash."""
    for index, values in enumerate(create):
        expense = known.get(values.get("external_id"))
        if expense is not None and expense.deleted_at is not None:
            yield Fault(("create", index, "external_id"), ExpenseDeleted)
    for name, changes in (("update", update), ("delete", delete)):
        for index, change in enumerate(changes):
            expense = found.get(change["id"])
            if expense is None or (name == "update" and expense.deleted_at is not None):
                yield Fault((name, index, "id") if name == "update" else (name, index), ExpenseNotFound)
            elif expense.deleted_at is None and change.get("if_revision", expense.revision) != expense.revision:
                yield Fault((name, index, "if_revision"), RevisionChanged)
