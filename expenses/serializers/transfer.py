"""How to export and to import, and what came of an import."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import ChoiceParameter, FlagParameter
from expense_tracker.api.serializers import QuerySerializer, RowListSerializer
from expenses.exports import FORMATS
from expenses.imports import date_pattern


class ImportedRowSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="Line of a CSV, or item of a JSON array, from 1.")
    status = serializers.ChoiceField(["created", "duplicate", "invalid"])
    reason = serializers.CharField(allow_null=True, help_text="What is wrong with it, for people.")
    pointer = serializers.CharField(allow_null=True, help_text="Row, from 0, and member: `#/3/amount`.")

    class Meta:
        list_serializer_class = RowListSerializer


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


class ExportQuerySerializer(QuerySerializer):
    format = ChoiceParameter(list(FORMATS), default="csv", help_text="CSV or JSON.")


class ImportQuerySerializer(QuerySerializer):
    dry_run = FlagParameter(help_text="`true`: only say what would be done.")
    partial = FlagParameter(help_text="`true`: import the valid rows even where others are not.")  # type: ignore[assignment]
    decimal = ChoiceParameter([".", ","], default=".", help_text="What stands before the cents in a CSV.")
    date_format = serializers.CharField(
        trim_whitespace=False,
        default="YYYY-MM-DD",
        help_text="How a CSV writes days: `DD.MM.YYYY`, `MM/DD/YYYY` and so on; `%d.%m.%Y` will do, too.",
    )

    def validate_date_format(self, text: str) -> Any:
        pattern = date_pattern(text)
        if pattern is None:
            raise serializers.ValidationError("Put YYYY, MM and DD together with - . / or a space between them.")
        return pattern
