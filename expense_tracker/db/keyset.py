"""Rows by their place in an ordering."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Func, TextField
from django.db.models.lookups import GreaterThan, LessThan


def follows(ordering: Sequence[str], values: Iterable[Any]) -> Any:
    """Return the condition that a row comes after these values (expressions) of the columns of `ordering`, of which all
    or none have `-`.

    It is one comparison of rows, `(date, id) < (%s, %s)`, so an index in this order is read from there on."""
    columns = (name.removeprefix("-") for name in ordering)
    rows = (Func(*each, template="(%(expressions)s)", output_field=TextField()) for each in (columns, values))
    return (LessThan if ordering[0].startswith("-") else GreaterThan)(*rows)
