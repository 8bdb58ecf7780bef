"""Stores one expense with the next number of its owner's ledger, in one statement where the database can: that needs no
transaction to begin and to commit."""

from typing import Any

from django.db import IntegrityError, connection

from accounts.models import AccountErased, Ledger
from accounts.models.ledgers import TAKE_NEXT, TAKE_NUMBERS
from expense_tracker.compiled import compiled_insert, compiled_update
from expense_tracker.database import atomic_statement, writes_in_one_statement
from expense_tracker.errors import has_sqlstate
from expenses.models import Expense

FOREIGN_KEY_VIOLATION = "23503"


@atomic_statement
def insert(expense: Expense) -> None:
    """Stores a new expense, which gets its `id` and its `revision`. Raises AccountErased where the account has been
    erased meanwhile."""
    taking: list[int] = []
    if writes_in_one_statement():
        statement = compiled_insert(Expense, returning=("id", "revision"), revision="(SELECT revision FROM taken)")
        sql, taking = f"WITH taken AS ({TAKE_NUMBERS}) {statement.sql}", [expense.owner_id, 1]
    else:
        [expense.revision] = Ledger.objects.take_numbers(user_id=expense.owner_id, count=1)
        statement = compiled_insert(Expense, returning=("id", "revision"))
        sql = statement.sql
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, taking + statement.parameters_of(expense, add=True))
            expense.pk, expense.revision = cursor.fetchone()
    except IntegrityError as error:
        if has_sqlstate(error, FOREIGN_KEY_VIOLATION):
            raise AccountErased from error
        raise
    expense._state.adding, expense._state.db = False, connection.alias


def update_unread(
    *, owner_id: int, expense_id: int, changes: dict[str, Any], last: int, revision: int | None
) -> dict[str, Any] | None:
    """Changes a live expense without reading it first, and answers its row. `last` is the owner's last number, read at
    some time before.

    Nothing is changed, and None answered, where that is not the last number any more, where there is no such expense,
    or where it has another revision than `revision`, if that is given; and where it cannot be done like this."""
    texts = {"category", "description"} & changes.keys()
    # The text to search in is made of both.
    if not writes_in_one_statement() or len(texts) == 1:
        return None
    columns = (*changes, "updated_at", "revision", *(["search_text"] if texts else []))
    expense = Expense(pk=expense_id, owner_id=owner_id, revision=last + 1, **changes)
    return update_live(expense, columns, seen=revision)


@atomic_statement
def update_live(expense: Expense, columns: tuple[str, ...], *, seen: int | None) -> dict[str, Any] | None:
    # As long as the last number is the same, and its ledger locked, what the statement sees is what there is.
    live = "SELECT FROM expenses_expense WHERE id = %s AND owner_id = %s AND deleted_at IS NULL"
    wanted: list[Any] = [expense.pk, expense.owner_id]
    if seen is not None:
        live, wanted = f"{live} AND revision = %s", [*wanted, seen]
    statement = compiled_update(Expense, *columns)
    sql = (
        f"WITH taken AS ({TAKE_NEXT} AND EXISTS ({live}) RETURNING revision) {statement.sql}"
        f" AND EXISTS (SELECT FROM taken) RETURNING {', '.join(Expense.PUBLIC_FIELDS)}"
    )
    numbers = [expense.owner_id, expense.revision - 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*numbers, *wanted, *statement.parameters_of(expense, add=False)])
        row = cursor.fetchone()
    return dict(zip(Expense.PUBLIC_FIELDS, row, strict=True)) if row else None
