"""Form fields that take what the API takes, for query parameters and for the admin."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from expense_tracker.dates import parse_day
from expense_tracker.text import clean_text


class DayField(forms.Field):
    """A day, `YYYY-MM-DD`."""

    widget = forms.DateInput(attrs={"type": "date"})

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        try:
            return parse_day(value) if value else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None


class TextField(forms.CharField):
    """Text as `clean_text` returns it: what is counted and compared is what is stored."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        try:
            return clean_text(value or "", multiline=self.multiline) or self.empty_value
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None
