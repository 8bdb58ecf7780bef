"""Entity tags (RFC 9110, section 8.8.3). They follow the ledger: no data is read to know whether it has changed."""

import re

from accounts.models import User

# To be raised with each change of what the API answers for the same data.
SHAPE = 1
EXPENSE_ETAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,17})"', re.ASCII)


def expense_etag(revision: int) -> str:
    return f'"{revision}"'


def revision_of(etag: str) -> int | None:
    """The revision that an expense's tag names, or None where it is no such tag."""
    match = EXPENSE_ETAG.fullmatch(etag)
    return int(match[1]) if match else None


def collection_etag(user: User, *parts: object) -> str:
    """For everything that is made of the user's data as a whole, and of `parts`. It is weak: it stands for the meaning,
    not for the bytes. The ledger was read with the user, before the data, so a tag is never newer than its answer. It
    names the user, since a browser sends the tag of whoever was logged in before, and must not be told to show that."""
    return f'W/"{"-".join(str(part) for part in (SHAPE, user.pk, user.revision, *parts))}"'
