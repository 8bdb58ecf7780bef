"""Expenses as the API answers them: rows, read by compiled queries."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from expense_tracker.db.compiled_queries import Later, compiled
from expenses.filters import ExpenseOrdering, Shape, Values, narrow, shape_of, stand_ins
from expenses.models import Expense, ExpenseQuerySet

OWNER = Later(Expense._meta.get_field("owner"), "owner_id")
ID = Later(Expense._meta.get_field("id"), "id")


def live_row(*, owner_id: int, expense_id: int) -> dict[str, Any]:
    """One expense. Raises Http404 where the owner has no such expense."""
    rows = compiled(live_expense).fetch(owner_id=owner_id, id=expense_id)
    if not rows:
        raise Http404
    return rows[0]


def live_expense() -> QuerySet[Expense, Any]:
    return Expense.objects.live().filter(owner_id=OWNER, id=ID).rows()


class ExpenseRows:
    """What the parameters leave of a person's expenses, or of the bin, for a paginator: a slice of it is a list of
    rows."""

    def __init__(self, *, owner: User, in_trash: bool, values: Values, ordering: str) -> None:
        self.values: Values = {"owner_id": owner.pk} | values
        self.in_trash, self.shape, self.ordering = in_trash, shape_of(values), ordering

    def __getitem__(self, page: slice) -> list[dict[str, Any]]:
        query = compiled(page_of, self.in_trash, self.shape, self.ordering, page.start, page.stop)
        return query.fetch(**self.values)

    def count(self) -> int:
        return compiled(ids_of, self.in_trash, self.shape).count(**self.values)


def page_of(in_trash: bool, shape: Shape, ordering: str, start: int, stop: int) -> QuerySet[Expense, Any]:
    expenses = select(in_trash, shape).order_by(*ExpenseOrdering.columns_of(ordering))
    return (expenses.rows("deleted_at") if in_trash else expenses.rows())[start:stop]


def ids_of(in_trash: bool, shape: Shape) -> QuerySet[Expense, Any]:
    return select(in_trash, shape).order_by().values("id")


def select(in_trash: bool, shape: Shape) -> ExpenseQuerySet:
    expenses = Expense.objects.in_trash() if in_trash else Expense.objects.live()
    return narrow(expenses.filter(owner_id=OWNER), stand_ins(shape))
