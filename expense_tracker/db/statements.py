"""The SQL of a queryset that is described by the methods that were called."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import Expression, Field, Model, QuerySet, sql

from expense_tracker.db.keyset import follows


class BindParameter(Expression):
    """The place of a value that comes with each execution."""

    def __init__(self, field: Any, index: int) -> None:
        super().__init__(output_field=field)
        self.index = index

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)

    def resolve(self, values: tuple[Any, ...], connection: Any) -> Any:
        return self.output_field.get_db_prep_value(values[self.index], connection)


@dataclass(frozen=True, slots=True)
class Step:
    """A method that was called, with `arguments` that make the statement another one. Other values are bound."""

    method: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A value of a filter that is bound, or a list of so many."""

    length: int | None = None


def field_of(model: type[Model], name: str) -> Any:
    column = name.partition("__")[0]
    return model._meta.pk if column == "pk" else model._meta.get_field(column)


def carry_out(
    steps: Iterable[Step], values: tuple[Any, ...], queryset: Any, bind: Callable[[Any, int], Any] | None = None
) -> Any:
    """Return the ORM's queryset after the steps. `bind(field, index)` makes what stands in it for a value."""
    position = 0

    def take(name: str) -> Any:
        nonlocal position
        position += 1
        return bind(field_of(queryset.model, name), position - 1) if bind else values[position - 1]

    for step in steps:
        if step.method == "filter":
            arguments = {}
            for name, shape in step.arguments:
                if not isinstance(shape, Bound):
                    arguments[name] = shape
                elif shape.length is None:
                    arguments[name] = take(name)
                else:
                    arguments[name] = [take(name) for _ in range(shape.length)]
            queryset = queryset.filter(**arguments)
        elif step.method == "after":
            bound = [take(name.removeprefix("-")) for name in step.arguments]
            queryset = queryset.filter(follows(step.arguments, bound))
        elif step.method == "slice":
            length, start = values[position : position + 2]
            queryset = queryset[start : start + length]
        else:
            queryset = getattr(queryset, step.method)(*step.arguments)
    return queryset


class Statement:
    """The SQL of a queryset, and how its rows become what the queryset yields."""

    def __init__(self, model: type[Model], using: str, steps: tuple[Step, ...]) -> None:
        self.model, self.using = model, using
        methods = [step.method for step in steps]
        is_count = "count" in methods
        unordered = [step for step in steps if not is_count or step.method not in ("order_by", "values", "values_list")]
        queryset = carry_out(
            [step for step in unordered if step.method not in ("slice", "count")],
            (),
            QuerySet(model, using=using),
            BindParameter,
        )
        if is_count:
            queryset = queryset.order_by().values("pk")
        query: sql.Query = queryset.query
        connection: Any = connections[using]
        compiler: Any = query.get_compiler(connection=connection)
        self.sql, self.parameters = compiler.as_sql()
        if is_count:
            self.sql = f"SELECT COUNT(*) FROM ({self.sql}) AS counted"  # noqa: S608  # nosec B608  # the ORM's own
        elif "slice" in methods:
            # In the text the ORM would make of each page a statement of its own.
            number: Field[Any, Any] = model._meta.pk
            place = sum(1 for each in self.parameters if isinstance(each, BindParameter))
            self.sql = f"{self.sql} LIMIT %s OFFSET %s"
            self.parameters = (*self.parameters, Raw(number, place), Raw(number, place + 1))
        self.names = [column.target.attname for column, _, _ in compiler.select] if not query.values_select else []
        self.fields = list(query.values_select)
        self.yields_tuples = "values_list" in methods
        # For a column whose type the database does not have: functions of a value, by the place in the row.
        columns = [] if is_count else [column for column, _, _ in compiler.select]
        self.converters = compiler.get_converters(columns)

    def execute(self, values: tuple[Any, ...]) -> list[Any]:
        connection = connections[self.using]
        parameters = [
            each.resolve(values, connection) if isinstance(each, BindParameter) else each for each in self.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows: list[Any] = cursor.fetchall()
        return [self.convert(row, connection) for row in rows] if self.converters else rows

    def convert(self, row: tuple[Any, ...], connection: Any) -> tuple[Any, ...]:
        converted = list(row)
        for place, (functions, expression) in self.converters.items():
            for function in functions:
                converted[place] = function(converted[place], expression, connection)
        return tuple(converted)

    def make_rows(self, rows: list[Any]) -> list[Any]:
        if self.yields_tuples:
            return rows
        if self.fields:
            return [dict(zip(self.fields, row, strict=True)) for row in rows]
        return [self.model.from_db(self.using, self.names, row) for row in rows]


class Raw(BindParameter):
    """A number that is no value of a column: the length of a page, or where it begins."""

    def resolve(self, values: tuple[Any, ...], connection: Any) -> Any:
        return values[self.index]


# Each is some kilobytes, or a hundred with as many values as fit into a URL.
@lru_cache(maxsize=256)
def compile_once(model: Any, using: str, steps: tuple[Step, ...]) -> Statement:
    return Statement(model, using, steps)
