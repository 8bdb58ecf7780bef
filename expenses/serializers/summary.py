"""Parameters and output of the summary."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import FlagParameter
from expense_tracker.api.serializers import QuerySerializer, RowListSerializer
from expenses.reports import PERIODS

# All ways to group: a period, categories, or both.
GROUPINGS = [
    "category",
    *PERIODS,
    *(f"category,{period}" for period in PERIODS),
    *(f"{period},category" for period in PERIODS),
]

GROUP_BY = f"Give category, one of {', '.join(PERIODS)}, or both with a comma between them."


class SummaryGroupSerializer(serializers.Serializer[Any]):
    day = serializers.CharField(required=False, help_text="`2026-09-30`")
    week = serializers.CharField(required=False, help_text="The Monday that it begins with: `2025-12-29`.")
    month = serializers.CharField(required=False, help_text="`2026-09`")
    year = serializers.CharField(required=False, help_text="`2026`")
    category = serializers.CharField(required=False)
    count = serializers.IntegerField(help_text="How many expenses.")
    total = serializers.IntegerField(help_text="In cents.")
    average = serializers.IntegerField(allow_null=True, help_text="In cents, rounded half up; null of nothing.")

    class Meta:
        list_serializer_class = RowListSerializer


@extend_schema_serializer(
    many=False,
    examples=[
        OpenApiExample(
            "By category and month",
            {
                "count": 3,
                "total": 7550,
                "average": 2517,
                "min": 50,
                "max": 5000,
                "groups": [
                    {"month": "2025-12", "category": "Food", "count": 1, "total": 2500, "average": 2500},
                    {"month": "2026-01", "category": "Food", "count": 2, "total": 5050, "average": 2525},
                ],
            },
            response_only=True,
        )
    ],
)
class SummarySerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many expenses.")
    total = serializers.IntegerField(help_text="In cents.")
    average = serializers.IntegerField(allow_null=True, help_text="In cents, rounded half up; null of nothing.")
    min = serializers.IntegerField(allow_null=True, help_text="The smallest amount in cents; null of nothing.")
    max = serializers.IntegerField(allow_null=True, help_text="The largest amount in cents; null of nothing.")
    groups = SummaryGroupSerializer(many=True, help_text="By period, then by category by code point.")


class SummaryQuerySerializer(QuerySerializer):
    group_by = serializers.ChoiceField(
        GROUPINGS,
        help_text="`category`, one of `day`, `week`, `month`, `year`, or both: `category,month`.",
        error_messages={"required": GROUP_BY, "invalid_choice": GROUP_BY},
    )
    fill = FlagParameter(
        help_text="Whether to add the empty periods between the first and the last one, for every category."
    )

    def validate_group_by(self, text: str) -> tuple[str | None, bool]:
        """Return the period, if any, and whether by category."""
        names = text.split(",")
        return next((name for name in names if name in PERIODS), None), "category" in names
