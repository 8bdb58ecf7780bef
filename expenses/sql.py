"""The two writes that most requests are, in one statement on PostgreSQL: it allocates the revision and writes the row.

In a transaction each takes four round trips to the database, and 0.2 to 0.3 ms more of CPU; that is how SQLite and
poolers get them."""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.exceptions import AccountErased
from accounts.models import RevisionCounter, User
from accounts.models.revision_counter import ALLOCATE, ALLOCATE_NEXT
from expense_tracker.db.errors import FOREIGN_KEY_VIOLATION, has_sqlstate
from expense_tracker.db.transactions import in_transaction, retried, writes_in_one_statement
from expense_tracker.exceptions import Missing
from expense_tracker.text import fold
from expenses.exceptions import ExpenseChanged
from expenses.models import Expense
from expenses.models.expense import search_prefix

FIELDS: dict[str, Any] = {field.attname: field for field in Expense._meta.concrete_fields}
INSERTED: list[Any] = [field for field in Expense._meta.concrete_fields if field.attname not in ("id", "revision")]
INSERT = (
    f"WITH allocated AS ({ALLOCATE})"  # noqa: S608  # nosec B608  # names of columns only
    f" INSERT INTO expenses_expense ({', '.join(field.column for field in INSERTED)}, revision)"
    f" VALUES ({', '.join(['%s'] * len(INSERTED))}, (SELECT revision FROM allocated)) RETURNING id, revision"
)
LIVE = "id = %s AND owner_id = %s AND deleted_at IS NULL"
UPDATE = (
    f"WITH allocated AS ({ALLOCATE_NEXT}{{unchanged}}"  # noqa: S608  # nosec B608  # the same
    f" AND EXISTS (SELECT FROM expenses_expense WHERE {LIVE}{{expected}}) RETURNING revision)"
    " UPDATE expenses_expense SET {assignments}, revision = (SELECT revision FROM allocated)"
    f" WHERE {LIVE} AND EXISTS (SELECT FROM allocated) RETURNING {', '.join(FIELDS)}"
)
# One half of the text to search in stays as it is.
SEARCH_TEXT = {
    ("category",): "search_text = %s || split_part(search_text, chr(31), 2)",
    ("description",): "search_text = split_part(search_text, chr(31), 1) || chr(31) || %s",
    ("category", "description"): "search_text = %s || %s",
}


@retried
def insert_expense(expense: Expense) -> None:
    """Store a new expense; it gets its `id` and its `revision`.

    Raise AccountErased where the account has been erased meanwhile, IntegrityError where the external id is there."""
    if not writes_in_one_statement():
        insert_in_transaction(expense)
        return
    values = [field.get_db_prep_save(field.pre_save(expense, add=True), connection) for field in INSERTED]
    try:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [expense.owner_id, 1, 1, *values])
            expense.pk, expense.revision = cursor.fetchone()
    except IntegrityError as error:
        if has_sqlstate(error, FOREIGN_KEY_VIOLATION):
            raise AccountErased from error
        raise
    expense._state.adding, expense._state.db = False, connection.alias


@in_transaction
def insert_in_transaction(expense: Expense) -> None:
    [expense.revision] = RevisionCounter.objects.allocate(user_id=expense.owner_id, count=1, more_expenses=1)
    expense.save(force_insert=True)


@retried
def update_expense(
    *, owner: User, expense_id: int, changes: dict[str, Any], expected_revisions: Collection[int] | None
) -> Expense:
    """Change a live expense and return it. Raise Missing, and ExpenseChanged where it has no expected revision."""
    change: dict[str, Any] = {"owner": owner, "expense_id": expense_id, "changes": changes}
    change["expected_revisions"] = expected_revisions
    expense = update_unread(**change) if writes_in_one_statement() else None
    return expense or update_in_transaction(**change)


def update_unread(
    *, owner: User, expense_id: int, changes: dict[str, Any], expected_revisions: Collection[int] | None
) -> Expense | None:
    """Change the expense without reading it first. Return None where it cannot be done so.

    A write of the owner's that this one waited for is seen by the UPDATE, which looks at the row again, but not by the
    EXISTS. To count a deletion, or to compare revisions, the owner's revision must therefore be the one that came with
    the owner: as long as it is, and its row locked, what the statement sees is what there is."""
    texts = tuple(name for name in ("category", "description") if name in changes)
    assignments = [f"{name} = %s" for name in changes]
    if texts:
        assignments.append(SEARCH_TEXT[texts])
    assignments.append("updated_at = %s")
    halves = {
        "category": search_prefix(changes.get("category", "")),
        "description": fold(changes.get("description") or ""),
    }
    expense = (expense_id, owner.pk)
    is_deletion, is_compared = "deleted_at" in changes, expected_revisions is not None
    unchanged = " AND revision = %s" if is_deletion or is_compared else ""
    parameters = [
        *(-1 if is_deletion else 0, owner.pk),
        *((owner.revision,) if unchanged else ()),
        *expense,
        *((list(expected_revisions or ()),) if is_compared else ()),
        *(FIELDS[name].get_db_prep_save(value, connection) for name, value in changes.items()),
        *(halves[name] for name in texts),
        timezone.now(),
        *expense,
    ]
    statement = UPDATE.format(
        unchanged=unchanged,
        expected=" AND revision = ANY(%s)" if is_compared else "",
        assignments=", ".join(assignments),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return Expense.from_db(connection.alias, list(FIELDS), row) if row else None


@in_transaction
def update_in_transaction(
    *, owner: User, expense_id: int, changes: dict[str, Any], expected_revisions: Collection[int] | None
) -> Expense:
    more_expenses = -1 if "deleted_at" in changes else 0
    [revision] = RevisionCounter.objects.allocate(user_id=owner.pk, count=1, more_expenses=more_expenses)
    expense: Expense | None = Expense.objects.live().owned_by(owner).filter(pk=expense_id).first()
    if expense is None:
        raise Missing
    if expected_revisions is not None and expense.revision not in expected_revisions:
        raise ExpenseChanged
    for name, value in changes.items():
        setattr(expense, name, value)
    expense.revision = revision
    expense.save(update_fields=[*changes, "revision", "updated_at", "search_text"])
    return expense
