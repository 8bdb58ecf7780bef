"""Which expenses: the one filter set of the list, the summary and the export."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from expense_tracker.api.filters import DocumentedFilter, SentFilterSet
from expense_tracker.forms import DayField, TextField
from expenses.models import Expense, ExpenseQuerySet
from expenses.models.expense import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
from expenses.money import MAX_AMOUNT

INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")


class CentsField(forms.Field):
    def to_python(self, value: Any) -> int | None:
        if not value:
            return None
        if not INTEGER.fullmatch(value) or not 0 <= int(value) <= MAX_AMOUNT:
            raise ValidationError(f"Enter an integer of cents from 0 to {MAX_AMOUNT}.", code="invalid")
        return int(value)


class TextListField(forms.Field):
    """Every value of a repeated parameter, but for empty ones."""

    widget = forms.SelectMultiple

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.one = TextField(max_length=max_length)
        super().__init__(**kwargs)

    def clean(self, value: list[str]) -> list[str]:
        return [self.one.clean(text) for text in value if text]


class DayFilter(DocumentedFilter):
    field_class = DayField
    schema = {"type": "string", "format": "date"}


class CentsFilter(DocumentedFilter):
    field_class = CentsField
    schema = {"type": "integer", "format": "int64", "minimum": 0, "maximum": MAX_AMOUNT}


class CategoryFilter(DocumentedFilter):
    field_class = TextListField
    schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": MAX_CATEGORY_LENGTH}}


class SearchFilter(DocumentedFilter):
    field_class = TextField
    schema = {"type": "string", "maxLength": MAX_DESCRIPTION_LENGTH}

    def filter(self, qs: ExpenseQuerySet, value: str) -> ExpenseQuerySet:
        return qs.containing(value) if value else qs


class ExpenseFilterSet(SentFilterSet):
    date_from = DayFilter("date", "gte", help_text="On this day or later.")
    date_to = DayFilter("date", "lte", help_text="On this day or earlier.")
    amount_min = CentsFilter("amount", "gte", help_text="This many cents or more.")
    amount_max = CentsFilter("amount", "lte", help_text="This many cents or less.")
    category = CategoryFilter(
        "category", "in", max_length=MAX_CATEGORY_LENGTH, help_text="Exactly this category; repeat it for several."
    )
    search = SearchFilter(
        "search_text",
        max_length=MAX_DESCRIPTION_LENGTH,
        multiline=True,
        help_text="Every word somewhere in the category or the description, without regard to case and accents.",
    )

    class Meta:
        model = Expense
        fields = ()
