"""Strict serializer fields: a value counts only in the one form that the contract names."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from expense_tracker.api.parameters import NUMBER
from expense_tracker.dates import parse_day, parse_month
from expense_tracker.text import clean_text


class StrictIntegerField(serializers.IntegerField):
    """An integer of JSON Schema: `12.0` is 12. Strings, fractions and booleans are refused, and floats from 2^53 on, of
    which one stands for several integers."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer() and abs(data) < 2**53:
            return int(data)
        if type(data) is not int:
            self.fail("invalid")
        return data


class StrictBooleanField(serializers.BooleanField):
    """`true` or `false` of JSON."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid", input=data)
        return data


class StringField(serializers.CharField):
    """A JSON string and nothing that could be written as one. It is taken as it is, white space around it included: a
    password, a token, a user name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"trim_whitespace": False})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # Before DRF makes a string of it to see whether it is blank.
        if not isinstance(data, str) and data is not None and data is not serializers.empty:
            self.fail("invalid")
        return super().run_validation(data)


class TextField(StringField):
    """A JSON string that is stored as `clean_text` returns it. With `multiline` it may hold line feeds."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        super().__init__(**kwargs)

    def to_internal_value(self, data: str) -> str:
        try:
            text = clean_text(data, multiline=self.multiline)
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid") from None
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class DayField(serializers.DateField):
    """A day, `YYYY-MM-DD`."""

    def to_internal_value(self, value: Any) -> date:
        try:
            return parse_day(value if isinstance(value, str) else "")
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid") from None


class MonthField(serializers.Field[Any, Any, Any, Any]):
    """A month, `YYYY-MM`; the value is its first day."""

    def to_internal_value(self, value: Any) -> date:
        try:
            return parse_month(value)
        except ValueError as error:
            raise serializers.ValidationError(str(error), code="invalid") from None


class NumberParameter(serializers.IntegerField):
    """A query parameter that is an integer from `min_value` to `max_value`, in plain digits."""

    default_error_messages = {"invalid": "Enter an integer from {low} to {high}."}

    def to_internal_value(self, value: Any) -> int:
        low, high = self.min_value or 0, self.max_value or 0
        if not NUMBER.fullmatch(value) or not low <= int(value) <= high:
            self.fail("invalid", low=low, high=high)
        return int(value)


class ChoiceParameter(serializers.ChoiceField):
    """A query parameter that is one of a few texts."""

    default_error_messages = {"invalid_choice": "Choose one of: {choices}."}

    def to_internal_value(self, data: Any) -> Any:
        if data not in self.choices:
            self.fail("invalid_choice", choices=", ".join(self.choices))
        return data


@extend_schema_field({"type": "boolean"})
class FlagParameter(ChoiceParameter):
    """A query parameter that is `true` or `false`, the default."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=["true", "false"], default=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data) == "true"
