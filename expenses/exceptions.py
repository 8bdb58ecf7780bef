"""Why something about expenses is refused."""

from expense_tracker.exceptions import Conflict, Gone, Missing, Stale, Unprocessable


class ExpenseChanged(Stale):
    detail = "It has changed since you read it; read it again."
    code = "precondition_failed"


class ExpensesChanged(Stale):
    """`paths` names those of a batch."""

    detail = "Some of the expenses have changed since you read them."
    code = "precondition_failed"


class ExpensesNotFound(Missing):
    """`paths` names those of a batch."""

    detail = "Some of the expenses are not there."
    code = "not_found"


class CategoryInUse(Conflict):
    detail = "There are expenses or a budget of this category already; send merge to put them together."
    code = "category_in_use"


class CursorOutdated(Gone):
    """The database was restored from a backup: the client may have seen what never happened."""

    detail = "resync"
    code = "resync"


class KeyReused(Unprocessable):
    detail = "This Idempotency-Key was used for another request."
    code = "key_reused"


class StillInProgress(Conflict):
    """Another request with the same Idempotency-Key holds the user's revision counter."""

    detail = "A request with this Idempotency-Key may still be in progress. Try again in a moment."
    code = "in_progress"
    retry_after = 1
