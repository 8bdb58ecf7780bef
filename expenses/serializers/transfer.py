"""What came of an import."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers


class ImportedRowSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="Line of a CSV, or item of a JSON array, from 1.")
    status = serializers.ChoiceField(["created", "duplicate", "invalid"])
    reason = serializers.CharField(allow_null=True, help_text="What is wrong with it, for people.")
    pointer = serializers.CharField(allow_null=True, help_text="Row, from 0, and member: `#/3/amount`.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A report",
            {
                "created": 1,
                "duplicate": 1,
                "invalid": 0,
                "rows": [
                    {"line": 2, "status": "created", "reason": None, "pointer": None},
                    {"line": 3, "status": "duplicate", "reason": None, "pointer": None},
                ],
            },
            response_only=True,
        )
    ]
)
class ImportReportSerializer(serializers.Serializer[Any]):
    created = serializers.IntegerField(help_text="How many rows are new.")
    duplicate = serializers.IntegerField(help_text="How many rows the account has already.")
    invalid = serializers.IntegerField(help_text="How many rows are no expenses.")
    rows = ImportedRowSerializer(many=True)
