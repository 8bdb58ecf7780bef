"""Why something about expenses is refused."""

from collections.abc import Sequence

from expense_tracker.exceptions import (
    Busy,
    Conflict,
    DomainError,
    Fault,
    Gone,
    InvalidInput,
    LimitReached,
    Missing,
    NotSupported,
    Stale,
    Unprocessable,
)


class ExpenseChanged(Stale):
    detail = "It has changed since you read it; read it again."
    code = "precondition_failed"


class ExpenseDeleted(Conflict):
    """A creation whose external id belongs to an expense in the trash."""

    detail = "The expense with this external_id was deleted. Restore it, or send another external_id."
    code = "deleted"

    def __init__(self, expense_id: int) -> None:
        super().__init__()
        self.expense_id = expense_id


class ExpenseNotFound(Missing):
    """Of a batch."""

    detail = "Some of the expenses are not there."


class RevisionChanged(Stale):
    """Of a batch."""

    detail = "Some of the expenses have changed since you read them."
    code = "precondition_failed"


class BatchRefused(DomainError):
    """Nothing of a batch was done. `faults` says why.

    It is answered as the fault that a client must look at first: what has changed, then what was deleted, then what is
    missing."""

    ORDER = (RevisionChanged, ExpenseDeleted, ExpenseNotFound)

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.kind = min((fault.error for fault in faults), key=self.ORDER.index)
        self.code = self.kind.code
        super().__init__(self.kind.detail, faults=faults)


class CategoryInUse(Conflict):
    detail = "There are expenses or a budget of this category already; send merge to put them together."
    code = "category_in_use"


class CursorOutdated(Gone):
    """The database was restored from a backup: the client may have seen what never happened."""

    detail = "resync"
    code = "resync"


class InvalidKey(InvalidInput):
    detail = "Idempotency-Key must be 1 to 255 visible ASCII characters."
    code = "invalid_idempotency_key"


class KeyReused(Unprocessable):
    detail = "This Idempotency-Key was used for another request."
    code = "key_reused"


class StillInProgress(Conflict):
    """Another request with the same Idempotency-Key holds the user's revision counter."""

    detail = "A request with this Idempotency-Key may still be in progress. Try again in a moment."
    code = "in_progress"
    retry_after = 1


# Streams are closed now and then.
RETRY_SECONDS = 15


class StreamsNeedASGI(NotSupported):
    """The server answers each request at once and whole (WSGI)."""

    detail = "This server cannot stream. Poll GET /api/expenses/changes with If-None-Match instead."


class InvalidLastEventId(InvalidInput):
    detail = "Last-Event-ID must be the id of an event that you got."
    code = "invalid_last_event_id"


class TooManyStreams(LimitReached):
    """Of one user."""

    detail = "You have as many streams open as you may. Close one."
    code = "too_many_streams"
    limit = "streams_of_user"


class TooManyListeners(Busy):
    """Of one process."""

    detail = "Too many are listening at the moment. Try again in a moment."
    code = "too_many_listeners"
    limit = "streams"
    retry_after = RETRY_SECONDS


class ServerStops(Busy):
    detail = "The server is being restarted. Try again in a moment."
    code = "restarting"
