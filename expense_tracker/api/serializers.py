"""Strict serializers: unknown members are refused."""

from typing import Any

from django.http import QueryDict
from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    # Not a docstring: each serializer has one of its own, which `/docs` shows.
    # Members that are unknown are refused; read-only ones are accepted and ignored, so that what was read can be
    # written back. A form is left alone: OAuth 2 (RFC 6749, section 3.2) wants unknown parameters ignored.

    # As many as help: a body of two megabytes holds 200,000 unknown members.
    MAX_UNKNOWN = 20

    default_error_messages = {"unknown": "There is no such member here. The members are: {members}."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and not isinstance(data, QueryDict):
            unknown = data.keys() - self.fields.keys()
            if unknown:
                members = ", ".join(name for name, field in self.fields.items() if not field.read_only)
                message = self.error_messages["unknown"].format(members=members)
                error = serializers.ErrorDetail(message, code="unknown")
                raise serializers.ValidationError({name: [error] for name in sorted(unknown)[: self.MAX_UNKNOWN]})
        return super().to_internal_value(data)
