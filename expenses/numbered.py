"""Stores one expense with the next number of its owner's ledger: one statement where the database can, and so no
transaction to begin and to commit, else two in a transaction."""

from django.db import IntegrityError, connection

from accounts.models import AccountErased, Ledger
from accounts.models.ledgers import TAKE_NEXT, TAKE_NUMBERS
from expense_tracker.compiled import compiled_insert, compiled_update
from expense_tracker.database import atomic_statement, writes_in_one_statement
from expense_tracker.errors import has_sqlstate
from expenses.models import Expense

FOREIGN_KEY_VIOLATION = "23503"


class LedgerMoved(Exception):
    """What was read before a change may be outdated: other changes have taken numbers since."""


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


@atomic_statement
def update(expense: Expense, *columns: str, last: int) -> None:
    """Writes these columns of an expense that was read when `last` was the last number of its owner. Raises LedgerMoved
    where it is not any more; then nothing is written."""
    expense.revision = last + 1
    statement = compiled_update(Expense, *columns, "revision")
    values = statement.parameters_of(expense, add=False)
    with connection.cursor() as cursor:
        if writes_in_one_statement():
            sql = f"WITH taken AS ({TAKE_NEXT}) {statement.sql} AND EXISTS (SELECT FROM taken)"
            cursor.execute(sql, [expense.owner_id, last, *values])
            is_taken = cursor.rowcount == 1
        else:
            cursor.execute(TAKE_NEXT, [expense.owner_id, last])
            is_taken = cursor.fetchone() is not None
            if is_taken:
                cursor.execute(statement.sql, values)
    if not is_taken:
        raise LedgerMoved
