"""Stores one expense with the next number of its owner's ledger in one statement, which is a transaction by itself: for
databases where `writes_in_one_statement`."""

from typing import Any

from django.db import IntegrityError, connection

from accounts.exceptions import AccountErased
from accounts.models.revision_counter import ALLOCATE, ALLOCATE_NEXT
from expense_tracker.db.compiled_queries import compiled_insert, compiled_update
from expense_tracker.db.errors import FOREIGN_KEY_VIOLATION, has_sqlstate
from expense_tracker.db.transactions import retried
from expenses.models import Expense


@retried
def insert(expense: Expense) -> None:
    """Stores a new expense, which gets its `id` and its `revision`. Raises AccountErased where the account has been
    erased meanwhile."""
    statement = compiled_insert(Expense, returning=("id", "revision"), revision="SELECT revision FROM taken")
    values = [expense.owner_id, 1, *statement.parameters_of(expense, add=True)]
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH taken AS ({ALLOCATE}) {statement.sql}", values)
            expense.pk, expense.revision = cursor.fetchone()
    except IntegrityError as error:
        if has_sqlstate(error, FOREIGN_KEY_VIOLATION):
            raise AccountErased from error
        raise
    expense._state.adding, expense._state.db = False, connection.alias


@retried
def update(
    *, owner_id: int, expense_id: int, changes: dict[str, Any], last: int, seen: int | None
) -> dict[str, Any] | None:
    """Changes a live expense without reading it first, and answers its row. `last` is the owner's last number, read at
    some time before; `seen` is the expense's revision, where it must still be that one.

    Nothing is changed, and None answered, where there are numbers after `last`, where there is no such expense, where
    it has another revision, or where it must be read: the text to search in is made of category and description."""
    texts = {"category", "description"} & changes.keys()
    if len(texts) == 1:
        return None
    # As long as the last number is the same, and its ledger locked, what the statement sees is what there is.
    live = "SELECT FROM expenses_expense WHERE id = %s AND owner_id = %s AND deleted_at IS NULL"
    wanted = [expense_id, owner_id]
    if seen is not None:
        live, wanted = f"{live} AND revision = %s", [*wanted, seen]
    derived = ["search_text"] if texts else []
    statement = compiled_update(Expense, *changes, *derived, "updated_at", "revision")
    expense = Expense(pk=expense_id, revision=last + 1, **changes)
    sql = (
        f"WITH taken AS ({ALLOCATE_NEXT} AND EXISTS ({live}) RETURNING revision) {statement.sql}"
        f" AND EXISTS (SELECT FROM taken) RETURNING {', '.join(Expense.PUBLIC_FIELDS)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [owner_id, last, *wanted, *statement.parameters_of(expense, add=False)])
        row = cursor.fetchone()
    return dict(zip(Expense.PUBLIC_FIELDS, row, strict=True)) if row else None
