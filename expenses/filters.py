"""Which expenses: the one filter set of the list, the summary and the export."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters import FilterSet, filters
from django_filters.utils import translate_validation
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from expense_tracker.errors import InvalidParameters
from expense_tracker.forms import DayField, TextField
from expense_tracker.parameters import check_parameters, choice_parameter
from expenses.models import Expense, ExpenseQuerySet
from expenses.models.expenses import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
from expenses.money import MAX_AMOUNT

Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]
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
    field_class = TextField
    schema = {"type": "string", "minLength": 1, "maxLength": MAX_DESCRIPTION_LENGTH}

    def filter(self, qs: ExpenseQuerySet, value: str) -> ExpenseQuerySet:
        return qs.containing(value)


class ExpenseFilterSet(FilterSet):
    date_from = DayFilter("date", "gte", help_text="On this day or later.")
    date_to = DayFilter("date", "lte", help_text="On this day or earlier.")
    amount_min = AmountFilter("amount", "gte", help_text="This many cents or more.")
    amount_max = AmountFilter("amount", "lte", help_text="This many cents or less.")
    category = CategoryFilter(
        "category", "in", max_length=MAX_CATEGORY_LENGTH, help_text="Exactly this category; repeat it for several."
    )
    search = SearchFilter(
        max_length=MAX_DESCRIPTION_LENGTH,
        multiline=True,
        help_text="This text in the category or the description, without regard to case in any script.",
    )

    base_filters: ClassVar[dict[str, Any]]  # made by the metaclass of the filters above

    class Meta:
        model = Expense
        fields: tuple[str, ...] = ()

    def get_form_class(self) -> type[forms.Form]:
        return form_of(frozenset(self.data.keys() & self.base_filters.keys()))


@lru_cache(maxsize=256)
def form_of(names: frozenset[str]) -> type[forms.Form]:
    """A form of the parameters that were sent and no others: each of these must have a value, and building the fields
    of absent ones would cost more than the query."""
    filters_sent = {name: ExpenseFilterSet.base_filters[name] for name in sorted(names)}
    fields = {name: sent.field_class(**sent.extra | {"required": True}) for name, sent in filters_sent.items()}
    return type("ExpenseFilterForm", (forms.Form,), fields)


class PreparedFilterBackend(BaseFilterBackend):
    """A filter backend in two steps: `prepare` reads the parameters, and answers what narrows the queryset. A view that
    may not have to read anything calls the first alone: building a queryset costs more than comparing an entity tag."""

    def prepare(self, request: Request, view: Any) -> Narrow:
        """Raises InvalidParameters."""
        raise NotImplementedError

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        return self.prepare(request, view)(queryset)


class ExpenseFilterBackend(PreparedFilterBackend):
    """Filters by `ExpenseFilterSet`. A view names in `query_parameters` what it takes besides; others are refused."""

    def prepare(self, request: Request, view: Any) -> Narrow:
        filter_names = ExpenseFilterSet.base_filters.keys()
        known = (*filter_names, *view.query_parameters)
        check_parameters(request.query_params, known=known, repeatable=("category",))
        if not request.query_params.keys() & filter_names:
            # A filter set copies all its filters even if there is nothing to filter.
            return lambda queryset: queryset
        filterset = ExpenseFilterSet(request.query_params, Expense.objects.none())
        if not filterset.is_valid():
            raise InvalidParameters(translate_validation(filterset.errors).detail)
        return filterset.filter_queryset

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "query", "description": each.extra["help_text"], "schema": each.schema}
            for name, each in ExpenseFilterSet.base_filters.items()
        ]


class ExpenseOrdering(PreparedFilterBackend):
    """`ordering`: a column, with `-` downwards. Ties are broken by id, in the same direction."""

    columns = ("date", "amount", "category", "created_at")
    choices = tuple(sign + column for column in columns for sign in ("", "-"))
    default = "-date"

    def prepare(self, request: Request, view: Any) -> Narrow:
        ordering = choice_parameter(request.query_params, "ordering", default=self.default, choices=self.choices)
        return lambda queryset: queryset.order_by(ordering, "-id" if ordering.startswith("-") else "id")

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "ordering",
                "in": "query",
                "description": "The order: by this column, with `-` downwards, then by id. Text by code point.",
                "schema": {"type": "string", "enum": list(self.choices), "default": self.default},
            }
        ]
