"""Statements that are compiled once. The ORM makes the SQL of a queryset anew for each use of it, which takes longer
than to execute it; but most requests ask the same, with other values."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql import InsertQuery, UpdateQuery


class Later(Expression):
    """Stands in a queryset for a value of `field` that comes with each execution: `values[name]`, or, of a list of
    values, `values[name][index]`."""

    def __init__(self, field: Any, name: str, index: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name, self.index = name, index

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def of(self, values: dict[str, Any], database: Any) -> Any:
        value = values[self.name] if self.index is None else values[self.name][self.index]
        return self.output_field.get_db_prep_value(value, database)


def bind(parameters: tuple[Any, ...], values: dict[str, Any]) -> list[Any]:
    # What `connection` stands for: it would be looked up for each attribute that each field asks it for.
    database = connections[DEFAULT_DB_ALIAS]
    return [each.of(values, database) if isinstance(each, Later) else each for each in parameters]


class CompiledQuery:
    """A queryset of `.values(…)`."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        query: Any = queryset.query
        compiler = query.get_compiler(connection=connection)
        self.sql, self.parameters = compiler.as_sql()
        self.names = list(query.selected)
        # For a column whose type the database does not have: functions of a value, by the place in the row.
        self.converters = compiler.get_converters([column for column, _, _ in compiler.select])

    def fetch(self, **values: Any) -> list[dict[str, Any]]:
        return [dict(zip(self.names, row, strict=True)) for row in self.fetch_list(**values)]

    def fetch_list(self, **values: Any) -> list[Any]:
        """As `fetch`, with the values of a row in the order of the columns."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, bind(self.parameters, values))
            rows = cursor.fetchall()
        return [self.convert(row) for row in rows] if self.converters else rows

    def count(self, **values: Any) -> int:
        """How many rows that would be."""
        with connection.cursor() as cursor:
            statement = f"SELECT COUNT(*) FROM ({self.sql}) AS counted"  # noqa: S608  # the ORM's own
            cursor.execute(statement, bind(self.parameters, values))
            return int(cursor.fetchone()[0])

    def convert(self, row: tuple[Any, ...]) -> list[Any]:
        converted = list(row)
        for place, (functions, expression) in self.converters.items():
            for function in functions:
                converted[place] = function(converted[place], expression, connection)
        return converted


# Each is some kilobytes, or a hundred with as many values as fit into a URL.
@lru_cache(maxsize=256)
def compiled(build: Callable[..., QuerySet[Any, Any]], *shape: Hashable) -> CompiledQuery:
    """The queryset `build(*shape)`, in which `Later` stands for what differs from one execution to the next; the shape
    is what makes of it another statement."""
    return CompiledQuery(build(*shape))


class CompiledWrite:
    """An INSERT or an UPDATE of one row of a model, without the signals of `save()`."""

    def __init__(self, sql: str, parameters: tuple[Any, ...], fields: list[Any]) -> None:
        self.sql, self.parameters, self.fields = sql, parameters, fields

    def parameters_of(self, instance: Model, *, add: bool) -> list[Any]:
        """The values of the instance, after all that is done before it is saved, such as `auto_now`."""
        values = {field.attname: field.pre_save(instance, add) for field in self.fields}
        return bind(self.parameters, values | {"pk": instance.pk})


@lru_cache
def compiled_insert(model: type[Model], *, returning: tuple[str, ...], **subqueries: str) -> CompiledWrite:
    """Stores an instance, with what subqueries answer for some of its columns, and answers those of `returning`."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = {field.attname: Later(field, field.attname) for field in fields}
    query = InsertQuery(model)
    answers = {name: RawSQL(sql, ()) for name, sql in subqueries.items()}  # noqa: S611  # constants of ours
    row: Any = SimpleNamespace(**values | answers)
    query.insert_values(fields, [row], raw=True)
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.get_field(name) for name in returning]
    [(sql, parameters)] = compiler.as_sql()
    return CompiledWrite(sql, parameters, [field for field in fields if field.attname not in subqueries])


@lru_cache
def compiled_update(model: type[Model], *columns: str) -> CompiledWrite:
    """Writes these columns of an instance."""
    fields: list[Any] = [model._meta.get_field(name) for name in columns]
    queryset: QuerySet[Any] = QuerySet(model).filter(pk=Later(model._meta.pk, "pk"))
    query: Any = queryset.query.chain(UpdateQuery)
    query.add_update_values({field.name: Later(field, field.attname) for field in fields})
    sql, parameters = query.get_compiler(connection=connection).as_sql()
    return CompiledWrite(sql, parameters, fields)
