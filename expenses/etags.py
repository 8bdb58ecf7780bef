"""Entity tags (RFC 9110, section 8.8.3). They follow the revision: no expense is read to know if it has changed."""

from accounts.models import User

# To be raised with each change of what the API answers for the same data.
SHAPE = 2


def expense_etag(revision: int) -> str:
    return f'"{revision}"'


def collection_etag(user: User, *parts: object) -> str:
    """Return the tag of everything that is made of the user's data as a whole, and of `parts`.

    It is weak: it stands for the meaning, not for the bytes. The revision was read with the user, before the data, so a
    tag is never newer than its answer. It names the user, since a browser sends the tag of whoever was logged in
    before, and must not be told to show that."""
    return f'W/"{"-".join(str(part) for part in (SHAPE, user.pk, user.revision, *parts))}"'
