"""Store the new rows of a file."""

import hashlib
from collections import Counter
from typing import Any

from accounts.models import RevisionCounter, User
from expense_tracker.db.transactions import atomic_write
from expense_tracker.monitoring.metrics import IMPORTED_ROWS, count
from expenses import actions
from expenses.exports import COLUMNS
from expenses.imports.errors import InvalidRows
from expenses.imports.rows import Progress, Reading, Row, no_progress
from expenses.models import Expense

SEPARATOR = "\x1f"
# Rows that are stored in one transaction: about a second in which the owner's other writes wait.
AT_ONCE = 5_000
DELETED = "It was imported before and deleted: restore it from the trash if you want it back."


def identify(rows: list[Row]) -> None:
    """Give each row that has none an `external_id` of its own: of the row as it stood in the file and as it was read,
    and its place among equal ones. The same rows get the same again."""
    seen: Counter[str] = Counter()
    for row in rows:
        if row.status == "created" and row.external_id is None:
            stood = SEPARATOR.join((*row.origin, str(row.date), str(row.amount)))
            digest = hashlib.sha256(stood.encode("utf-8", "surrogatepass")).hexdigest()[:40]
            row.external_id = f"file-{digest}-{seen[digest]}"
            seen[digest] += 1


def store(reading: Reading, *, owner: User, dry_run: bool, partial: bool, progress: Progress = no_progress) -> None:
    """Create the expenses that the owner does not have, or with `dry_run` only find them; each row's status says so.

    Raise InvalidRows, unless `partial`, where some rows are not valid: then nothing is written. What ends the import
    of a large file half-way leaves whole parts of it; the same file again adds the rest."""
    rows = [row for row in reading.rows if row.status == "created"]
    for row in rows:
        row.date = row.date or owner.today()
    identify(rows)
    finder = Finder(owner, {row.external_id for row in rows if row.external_id})
    if any(row.status == "invalid" for row in reading.rows) and not partial:
        finder.find_new(rows)
        raise InvalidRows
    if dry_run:
        finder.find_new(rows)
    for start in range(0, 0 if dry_run else len(rows), AT_ONCE):
        create_new(rows[start : start + AT_ONCE], finder)
        finder.remember()
        progress(min(start + AT_ONCE, len(rows)), len(rows))
    if not dry_run:
        for status, number in Counter(row.status for row in reading.rows).items():
            count(IMPORTED_ROWS, status, by=number)


@atomic_write
def create_new(rows: list[Row], finder: "Finder") -> None:
    """Create what is not there. The owner's counter is locked first, so two imports at once cannot both find it new."""
    RevisionCounter.objects.lock(user_id=finder.owner.pk)
    expenses = [
        Expense(**dict(zip(COLUMNS, row.content(), strict=True)), external_id=row.external_id)
        for row in finder.find_new(rows)
    ]
    if expenses:
        actions.create_expenses(owner=finder.owner, expenses=expenses)


class Finder:
    """Finds the rows of one file that its owner does not have. `own` are the `external_id` of all its rows."""

    def __init__(self, owner: User, own: set[str]) -> None:
        self.owner, self.own = owner, own
        self.seen: set[str] = set()
        # How often a row was recognised by its content in the parts before: each expense is recognised once.
        self.recognised: Counter[tuple[Any, ...]] = Counter()
        self.found = self.seen, self.recognised

    def find_new(self, rows: list[Row]) -> list[Row]:
        """Return the rows that are no duplicates: neither imported before, be they changed or deleted since, nor there
        with the same date, amount, category and description, as often as the file has them."""
        known = self.imported()
        rest: list[Row] = []
        seen = set(self.seen)
        for row in rows:
            identity = row.external_id or ""
            if identity in known or identity in seen:
                row.status, row.reason = "duplicate", DELETED if known.get(identity) else None
            else:
                rest.append(row)
            seen.add(identity)
        present = self.contents(rest)
        present.subtract(self.recognised)
        new = []
        recognised: Counter[tuple[Any, ...]] = Counter()
        for row in rest:
            content = row.content()
            if present[content] > recognised[content]:
                recognised[content] += 1
                row.status, row.reason = "duplicate", None
            else:
                row.status = "created"
                new.append(row)
        self.found = seen, recognised
        return new

    def remember(self) -> None:
        """Keep what was found: the transaction is through, and is not tried again."""
        self.seen, recognised = self.found
        self.recognised += recognised

    def imported(self) -> dict[str, bool]:
        """Return the `external_id` of everything that has one, and whether it is deleted."""
        expenses = Expense.objects.owned_by(self.owner).filter(external_id__isnull=False).order_by()
        pairs = expenses.values_list("external_id", "deleted_at")
        return {identity: deleted_at is not None for identity, deleted_at in pairs if identity}

    def contents(self, rows: list[Row]) -> Counter[tuple[Any, ...]]:
        """Return what the owner has on the days of the rows, without what this file was or is imported as."""
        days = [row.date for row in rows if row.date]
        if not days:
            return Counter()
        expenses = (
            Expense.objects.live().owned_by(self.owner).filter(date__gte=min(days), date__lte=max(days)).order_by()
        )
        return Counter(
            tuple(content)
            for *content, identity in expenses.values_list(*COLUMNS, "external_id")
            if identity not in self.own
        )
