"""What a summary says."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers


class SummaryGroupSerializer(serializers.Serializer[Any]):
    day = serializers.CharField(required=False, help_text="`2026-09-30`")
    week = serializers.CharField(required=False, help_text="The Monday that it begins with: `2025-12-29`.")
    month = serializers.CharField(required=False, help_text="`2026-09`")
    year = serializers.CharField(required=False, help_text="`2026`")
    category = serializers.CharField(required=False)
    count = serializers.IntegerField(help_text="How many expenses.")
    total = serializers.IntegerField(help_text="In cents.")
    average = serializers.IntegerField(allow_null=True, help_text="In cents, rounded half up; null of nothing.")


@extend_schema_serializer(
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
    ]
)
class SummarySerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="How many expenses.")
    total = serializers.IntegerField(help_text="In cents.")
    average = serializers.IntegerField(allow_null=True, help_text="In cents, rounded half up; null of nothing.")
    min = serializers.IntegerField(allow_null=True, help_text="The smallest amount in cents; null of nothing.")
    max = serializers.IntegerField(allow_null=True, help_text="The largest amount in cents; null of nothing.")
    groups = SummaryGroupSerializer(many=True, help_text="By period, then by category by code point.")
