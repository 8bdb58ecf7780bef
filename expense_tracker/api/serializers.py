"""Strict serializers: a member or a parameter that is not declared is refused."""

from functools import cache
from typing import Any, ClassVar

from django.http import QueryDict
from rest_framework import serializers

Serializer = serializers.Serializer[Any]


class StrictSerializer(serializers.Serializer[Any]):
    # Not a docstring: each serializer has one of its own, which `/docs` shows.
    # Members that are unknown are refused; read-only ones are accepted and ignored, so that what was read can be
    # written back. A form is left alone: OAuth 2 (RFC 6749, section 3.2) wants unknown parameters ignored.

    # Accepted and ignored as well, without being a field: what other answers have of the same thing.
    ignored: ClassVar[frozenset[str]] = frozenset()

    # As many as help: a body of two megabytes holds 200,000 unknown members.
    MAX_UNKNOWN = 20

    default_error_messages = {"unknown": "Unknown field. Allowed fields: {fields}."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and not isinstance(data, QueryDict):
            unknown = data.keys() - self.fields.keys() - self.ignored
            if unknown:
                fields = ", ".join(name for name, field in self.fields.items() if not field.read_only)
                message = self.error_messages["unknown"].format(fields=fields)
                error = serializers.ErrorDetail(message, code="unknown")
                raise serializers.ValidationError({name: [error] for name in sorted(unknown)[: self.MAX_UNKNOWN]})
        return super().to_internal_value(data)


class QuerySerializer(serializers.Serializer[Any]):
    """Query parameters besides those of filters and pages. Each field has a default: an empty parameter is one that was
    not sent."""


@cache
def shared(serializer_class: type[Serializer], *, partial: bool = False) -> Serializer:
    """Return one serializer for all requests, for `run_validation` and `to_representation`, which keep nothing.

    DRF copies each field of a serializer that is made anew: 0.2 ms of CPU for an expense. It has no context."""
    return serializer_class(partial=partial)


class RowListSerializer(serializers.ListSerializer[Any]):
    """A list of rows, as `queryset.values(…)` yields them with the names of the child's fields.

    They are answered as they are: to pass each through the child's fields takes 26 ms for 1,000 rows. Instances do."""

    def to_representation(self, data: Any) -> Any:
        child: Any = self.child
        return [row if isinstance(row, dict) else child.to_representation(row) for row in data]
