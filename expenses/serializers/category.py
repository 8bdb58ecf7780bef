"""Categories and their new names."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import StrictBooleanField
from expense_tracker.api.serializers import RowListSerializer, StrictSerializer
from expenses.serializers.fields import CategoryField


@extend_schema_serializer(
    examples=[OpenApiExample("A typo", {"from": "Grocerys", "to": "Groceries"}, request_only=True)]
)
class CategoryRenameSerializer(StrictSerializer):
    """What a category is called, and what it shall be called."""

    to = CategoryField(help_text="The new name.")
    merge = StrictBooleanField(
        default=False, help_text="Whether a category that is called so already may be put together with this one."
    )

    def get_fields(self) -> dict[str, Any]:
        # `from` cannot be the name of an attribute.
        source = CategoryField(help_text="The name it has.")
        return {"from": source, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["from"] == attrs["to"]:
            raise serializers.ValidationError({"to": ["The names are equal."]}, code="equal")
        return attrs


@extend_schema_serializer(examples=[OpenApiExample("Renamed", {"changed": 42}, response_only=True)])
class RenamedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField(help_text="How many expenses were changed, without those in the trash.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A category",
            {
                "name": "Food",
                "count": 131,
                "total": 305240,
                "first_date": "2025-02-01",
                "last_date": "2026-01-21",
                "similar": ["food"],
            },
            response_only=True,
        )
    ]
)
class CategorySerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    count = serializers.IntegerField(help_text="How many expenses.")
    total = serializers.IntegerField(help_text="In cents.")
    first_date = serializers.DateField()
    last_date = serializers.DateField()
    similar = serializers.ListField(
        child=serializers.CharField(),
        help_text="Your other categories that differ from this one in case and accents only, the most used first.",
    )

    class Meta:
        list_serializer_class = RowListSerializer
