"""Which expenses: the one filter set of the list, the summary and the export."""

import re
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters import FilterSet, filters
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema_field
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from expense_tracker.dates import parse_day
from expense_tracker.errors import InvalidParameters
from expense_tracker.parameters import check_parameters, choice_parameter
from expense_tracker.text import clean_text
from expenses.models import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH, Expense, ExpenseQuerySet
from expenses.money import MAX_AMOUNT

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


class DayField(forms.Field):
    def to_python(self, value: Any) -> date | None:
        try:
            return parse_day(value) if value else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class AmountField(forms.Field):
    def to_python(self, value: Any) -> int | None:
        if not value:
            return None
        if not INTEGER.fullmatch(value) or not 0 <= int(value) <= MAX_AMOUNT:
            raise ValidationError(f"Enter an integer of cents from 0 to {MAX_AMOUNT}.", code="invalid")
        return int(value)


class TextField(forms.Field):
    def __init__(self, *, max_length: int, multiline: bool = False, **kwargs: Any) -> None:
        self.max_length, self.multiline = max_length, multiline
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            text = clean_text(value or "", multiline=self.multiline)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None
        if len(text) > self.max_length:
            raise ValidationError(f"This has more than {self.max_length} characters.", code="max_length")
        return text


class TextListField(TextField):
    widget = forms.SelectMultiple  # reads every value of a repeated parameter

    def to_python(self, value: Any) -> list[str]:
        clean = super().to_python
        texts = [clean(one) for one in value or []]
        # One that is empty among others would be passed over.
        return texts if all(texts) else []


@extend_schema_field({"type": "string", "format": "date"})
class DayFilter(filters.Filter):
    field_class = DayField


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": MAX_AMOUNT})
class AmountFilter(filters.Filter):
    field_class = AmountField


@extend_schema_field({"type": "array", "items": {"type": "string", "maxLength": MAX_CATEGORY_LENGTH}})
class CategoryFilter(filters.Filter):
    field_class = TextListField


@extend_schema_field({"type": "string", "maxLength": MAX_DESCRIPTION_LENGTH})
class SearchFilter(filters.Filter):
    field_class = TextField

    def filter(self, qs: ExpenseQuerySet, value: str) -> ExpenseQuerySet:
        return qs.containing(value) if value else qs


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

    base_filters: ClassVar[dict[str, filters.Filter]]  # made by the metaclass of the filters above

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


class ExpenseFilterBackend(DjangoFilterBackend):
    """Filters by `ExpenseFilterSet`. A view names in `query_parameters` what it takes besides; others are refused."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filter_names = ExpenseFilterSet.base_filters.keys()
        known = (*filter_names, *view.query_parameters)
        check_parameters(request.query_params, known=known, repeatable=("category",))
        if not request.query_params.keys() & filter_names:
            # A filter set copies all its filters even if there is nothing to filter.
            return queryset
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise InvalidParameters(translate_validation(filterset.errors).detail)
        filtered: QuerySet[Any] = filterset.qs
        return filtered


class ExpenseOrdering(BaseFilterBackend):
    """`ordering`: a column, with `-` downwards. Ties are broken by id, in the same direction."""

    columns = ("date", "amount", "category", "created_at")
    choices = tuple(sign + column for column in columns for sign in ("", "-"))
    default = "-date"

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        ordering = choice_parameter(request.query_params, "ordering", default=self.default, choices=self.choices)
        return queryset.order_by(ordering, "-id" if ordering.startswith("-") else "id")

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "ordering",
                "in": "query",
                "description": "The order: by this column, with `-` downwards, then by id. Text by code point.",
                "schema": {"type": "string", "enum": list(self.choices), "default": self.default},
            }
        ]
