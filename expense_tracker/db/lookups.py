"""Lookups that Django has not."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Lookup, UUIDField


@UUIDField.register_lookup
class AnyOf(Lookup):
    """`id__any_of=[…]` is `id__in=[…]` with one parameter, however many there are: with 2,000 it takes half the CPU."""

    lookup_name = "any_of"
    prepare_rhs = False
    rhs: Collection[UUID]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        values = orjson.dumps([value.hex for value in self.rhs]).decode()
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, values]  # noqa: S608  # nosec B608  # a column

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]
