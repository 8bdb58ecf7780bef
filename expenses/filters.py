"""Which expenses: the one filter set of the list, the summary and the export."""

import re
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Value
from django_filters import FilterSet, filters
from django_filters.utils import translate_validation
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from expense_tracker.api.errors import InvalidParameters
from expense_tracker.api.parameters import check_parameters, choice_parameter
from expense_tracker.db.compiled_queries import Later
from expense_tracker.forms import DayField, TextField
from expense_tracker.text import fold
from expenses.models import Expense, ExpenseQuerySet
from expenses.models.expense import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
from expenses.money import MAX_AMOUNT

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


class AmountField(forms.Field):
    def to_python(self, value: Any) -> int | None:
        if not value:
            return None
        if not INTEGER.fullmatch(value) or not 0 <= int(value) <= MAX_AMOUNT:
            raise ValidationError(f"Enter an integer of cents from 0 to {MAX_AMOUNT}.", code="invalid")
        return int(value)


class TextListField(forms.Field):
    widget = forms.SelectMultiple  # reads every value of a repeated parameter

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.one = TextField(max_length=max_length)
        super().__init__(**kwargs)

    def clean(self, value: list[str]) -> list[str]:
        return [self.one.clean(text) for text in value]


class SearchField(TextField):
    def clean(self, value: str) -> str:
        return fold(super().clean(value))


class DayFilter(filters.Filter):
    field_class = DayField
    schema = {"type": "string", "format": "date"}


class AmountFilter(filters.Filter):
    field_class = AmountField
    schema = {"type": "integer", "minimum": 0, "maximum": MAX_AMOUNT}


class CategoryFilter(filters.Filter):
    field_class = TextListField
    schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": MAX_CATEGORY_LENGTH}}


class SearchFilter(filters.Filter):
    field_class = SearchField
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_DESCRIPTION_LENGTH}

    def filter(self, qs: ExpenseQuerySet, value: Any) -> ExpenseQuerySet:
        return qs.containing(Value(value) if isinstance(value, str) else value)


class ExpenseFilterSet(FilterSet):
    date_from = DayFilter("date", "gte", help_text="On this day or later.")
    date_to = DayFilter("date", "lte", help_text="On this day or earlier.")
    amount_min = AmountFilter("amount", "gte", help_text="This many cents or more.")
    amount_max = AmountFilter("amount", "lte", help_text="This many cents or less.")
    category = CategoryFilter(
        "category", "in", max_length=MAX_CATEGORY_LENGTH, help_text="Exactly this category; repeat it for several."
    )
    search = SearchFilter(
        "search_text",
        max_length=MAX_DESCRIPTION_LENGTH,
        multiline=True,
        help_text="This text in the category or the description, without regard to case in any script.",
    )

    base_filters: ClassVar[dict[str, Any]]  # made by the metaclass of the filters above


@lru_cache(maxsize=256)
def form_of(names: frozenset[str]) -> type[forms.Form]:
    """A form of the parameters that were sent and no others: each of these must have a value, and building the fields
    of absent ones would cost more than the query."""
    filters_sent = {name: ExpenseFilterSet.base_filters[name] for name in sorted(names)}
    fields = {name: sent.field_class(**sent.extra | {"required": True}) for name, sent in filters_sent.items()}
    return type("ExpenseFilterForm", (forms.Form,), fields)


Values = dict[str, Any]
Shape = tuple[tuple[str, int | None], ...]


def narrow(expenses: ExpenseQuerySet, values: Values) -> ExpenseQuerySet:
    """`values` by the names of filters, as `ExpenseFilterBackend.read` returns them or as `stand_ins` makes them."""
    for name, value in values.items():
        expenses = ExpenseFilterSet.base_filters[name].filter(expenses, value)
    return expenses


def shape_of(values: Values) -> Shape:
    """What of them changes the statement: which filters there are, and how long the lists are."""
    return tuple((name, len(value) if isinstance(value, list) else None) for name, value in values.items())


def stand_ins(shape: Shape) -> Values:
    """For each value of that shape what stands for it in a compiled query."""
    values: Values = {}
    for name, length in shape:
        column = Expense._meta.get_field(ExpenseFilterSet.base_filters[name].field_name)
        values[name] = (
            Later(column, name) if length is None else [Later(column, name, index) for index in range(length)]
        )
    return values


class ExpenseFilterBackend(BaseFilterBackend):
    """Filters by `ExpenseFilterSet`. A view names in `query_parameters` what it takes besides; others are refused."""

    def read(self, request: Request, view: Any) -> Values:
        """The cleaned values, by the name of the filter. Raises InvalidParameters."""
        filter_names = ExpenseFilterSet.base_filters.keys()
        known = (*filter_names, *view.query_parameters)
        check_parameters(request.query_params, known=known, repeatable=("category",))
        sent = request.query_params.keys() & filter_names
        if not sent:
            return {}
        form = form_of(frozenset(sent))(request.query_params)
        if not form.is_valid():
            raise InvalidParameters(translate_validation(form.errors).detail)
        return form.cleaned_data

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        return narrow(queryset, self.read(request, view))

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "query", "description": each.extra["help_text"], "schema": each.schema}
            for name, each in ExpenseFilterSet.base_filters.items()
        ]


class ExpenseOrdering(BaseFilterBackend):
    """`ordering`: a column, with `-` downwards. Ties are broken by id, in the same direction."""

    columns = ("date", "amount", "category", "created_at")
    choices = tuple(sign + column for column in columns for sign in ("", "-"))
    default = "-date"

    def read(self, request: Request) -> str:
        """Raises InvalidParameters."""
        return choice_parameter(request.query_params, "ordering", default=self.default, choices=self.choices)

    @staticmethod
    def columns_of(ordering: str) -> tuple[str, str]:
        return ordering, "-id" if ordering.startswith("-") else "id"

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        return queryset.order_by(*self.columns_of(self.read(request)))

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "ordering",
                "in": "query",
                "description": "The order: by this column, with `-` downwards, then by id. Text by code point.",
                "schema": {"type": "string", "enum": list(self.choices), "default": self.default},
            }
        ]
