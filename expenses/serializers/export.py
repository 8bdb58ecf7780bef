"""Parameters of the export."""

from typing import Any

from rest_framework import serializers

from expense_tracker.api.fields import ChoiceParameter
from expense_tracker.api.serializers import QuerySerializer
from expenses.exports import DIALECTS, FORMATS


class ExportQuerySerializer(QuerySerializer):
    format = ChoiceParameter(list(FORMATS), default="csv", help_text="CSV or JSON.")
    dialect = ChoiceParameter(
        list(DIALECTS),
        default=None,
        help_text="Of a CSV, default `rfc4180`: `excel` begins with a byte order mark and has semicolons.",
    )
    decimal = ChoiceParameter([".", ","], default=None, help_text="What stands before the cents in a CSV, default `.`.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("dialect", "decimal"):
            if attrs[name] is not None and attrs["format"] != "csv":
                raise serializers.ValidationError({name: ["Only a CSV has this."]}, code="invalid")
        return attrs
