"""Model fields that behave alike on SQLite and PostgreSQL."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class CodePointCharField(models.CharField):
    """Text that the database sorts by code point: PostgreSQL's "C" collation, what SQLite does by itself."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = {**super().db_parameters(connection)}
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class DerivedCharField(models.CharField):
    """Text that follows from its row: `derive(instance)` is computed whenever the row is saved, as `auto_now` is.

    `QuerySet.update` does not save rows, so whoever updates what the text follows from sets it too."""

    def __init__(self, *args: Any, derive: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self.derive = derive
        super().__init__(*args, **kwargs | {"editable": False})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        # Migrations do not know `derive`: the rows that they write bring their text along.
        text = self.derive(model_instance) if self.derive else getattr(model_instance, self.attname)
        setattr(model_instance, self.attname, text)
        return text


@DerivedCharField.register_lookup
class Head(models.Transform):
    """`search_text__head`: what stands before the unit separator (U+001F), in the order of code points."""

    lookup_name = "head"
    template = "SUBSTR(%(expressions)s, 1, INSTR(%(expressions)s, CHAR(31)) - 1)"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template='SPLIT_PART(%(expressions)s, CHR(31), 1) COLLATE "C"')


@DerivedCharField.register_lookup
class Containing(models.Lookup):
    """`search_text__containing="lunch"`: the text holds this one. Unlike LIKE it has no wildcards to escape."""

    lookup_name = "containing"
    function = "INSTR"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"{self.function}({left}, {right}) > 0", (*left_parameters, *right_parameters)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        self.function = "STRPOS"
        return self.as_sql(compiler, connection)
