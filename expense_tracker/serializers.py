"""Serializer fields that take a value only in the one form that the contract names."""

from copy import deepcopy
from datetime import date
from typing import Any

from django.http import QueryDict
from rest_framework import serializers

from expense_tracker.dates import parse_day
from expense_tracker.text import clean_text

WITH_CHILDREN = (serializers.BaseSerializer, serializers.ListField, serializers.DictField)


class StrictSerializer(serializers.Serializer[Any]):
    # Not a docstring: each serializer has one of its own, which `/docs` shows.
    # Members that are unknown are refused; read-only ones are accepted and ignored, so that what was read can be
    # written back. A form is left alone: OAuth 2 (RFC 6749, section 3.2) wants unknown parameters ignored.

    # As many as help: a body of two megabytes holds 200,000 unknown members.
    MAX_UNKNOWN = 20

    default_error_messages = {"unknown": "There is no such member here. The members are: {members}."}

    def get_fields(self) -> dict[str, Any]:
        # DRF makes each field anew, with all its options: four fifths of the work of a validation. A field without
        # children can share them: what is its own is where it stands, and that is set when it is bound. Where there is
        # something to validate, fields that are only read have nothing to do.
        is_input = hasattr(self, "initial_data")
        fields = self._declared_fields.items()
        return {name: duplicate(field) for name, field in fields if not (is_input and field.read_only)}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and not isinstance(data, QueryDict):
            unknown = data.keys() - self.fields.keys() - self._declared_fields.keys()
            if unknown:
                members = ", ".join(name for name, field in self.fields.items() if not field.read_only)
                message = self.error_messages["unknown"].format(members=members)
                error = serializers.ErrorDetail(message, code="unknown")
                raise serializers.ValidationError({name: [error] for name in sorted(unknown)[: self.MAX_UNKNOWN]})
        return super().to_internal_value(data)


def duplicate(field: Any) -> Any:
    if isinstance(field, WITH_CHILDREN):
        return deepcopy(field)
    # What copy() does, without asking each time how.
    twin = object.__new__(type(field))
    twin.__dict__ = field.__dict__.copy()
    return twin


class StrictIntegerField(serializers.IntegerField):
    """An integer of JSON. Strings, fractions and booleans are refused, `12.0` and `"12"` too."""

    def to_internal_value(self, data: Any) -> int:
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
