"""Domain exceptions: an operation is refused for a reason that its caller can act on.

`api/errors.py` maps them to HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class DomainError(Exception):
    """`detail` is a sentence for people, `code` a stable word for programs.

    `faults` names the arguments that are wrong, where there are several; `retry_after` says in how many seconds the
    same call may succeed; `location` is the path of what stands against it; `extensions` are further members of the
    answer (RFC 9457, section 3.2)."""

    detail = ""
    code = ""
    retry_after: float | None = None
    # Which error it is answered as, where that is not the class itself.
    kind: "type[DomainError] | None" = None

    def __init__(
        self,
        detail: str = "",
        *,
        faults: Sequence["Fault"] = (),
        location: str | None = None,
        extensions: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or self.detail
        self.faults, self.location, self.extensions = faults, location, extensions or {}
        super().__init__(self.detail)


@dataclass(frozen=True)
class Fault:
    """An argument and the error that it alone would be: `("update", 3, "id")`."""

    path: tuple[str | int, ...]
    error: type[DomainError]


class InvalidInput(DomainError):
    """The arguments do not make sense."""


class NotAuthenticated(DomainError):
    """The caller is not, or no longer, who they say they are."""

    detail = "Send `Authorization: Bearer …` with an access token."
    code = "not_authenticated"


class NotPermitted(DomainError):
    """The caller may not do this."""


class Missing(DomainError):
    """There is no such thing, or not for this caller."""

    detail = "Not found"
    code = "not_found"


class Conflict(DomainError):
    """The current state of the data does not allow the request."""


class Gone(DomainError):
    """It was there and will not come back."""


class Stale(DomainError):
    """It has changed since the caller read it."""


class Unprocessable(DomainError):
    """It is well-formed and can still not be done."""


class LimitReached(DomainError):
    """The caller has done this too often, and may do it again in some seconds."""

    detail = "Too many requests."
    code = "limit_reached"
    limit = "requests"  # its name in the metrics

    def __init__(self, seconds: int) -> None:
        super().__init__(f"{self.detail} Try again in {seconds} second{'' if seconds == 1 else 's'}.")
        self.retry_after = seconds


class NotSupported(DomainError):
    """It is done elsewhere, but not by a server like this one."""

    code = "not_implemented"


class Busy(DomainError):
    """It may succeed in a moment."""

    retry_after = 1
    limit = ""  # its name in the metrics, where it is one of ours
