"""An expense."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import DayField, StrictIntegerField, TextField
from expense_tracker.api.serializers import StrictSerializer
from expenses.models import Expense
from expenses.models.expense import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
from expenses.money import MAX_AMOUNT

LUNCH = {"amount": 2500, "category": "Food", "description": "Lunch with team members"}
EXPENSE = {
    "id": 67,
    **LUNCH,
    "date": "2026-01-21",
    "created_at": "2026-01-21T12:08:05.137468Z",
    "updated_at": "2026-01-21T12:08:05.137468Z",
    "owner_id": 1,
    "revision": 12,
}


@extend_schema_serializer(
    examples=[
        OpenApiExample("Lunch", LUNCH, request_only=True),
        OpenApiExample("An expense", EXPENSE, response_only=True, status_codes=["200", "201"]),
    ]
)
class ExpenseSerializer(StrictSerializer):
    """What was spent, on what and when."""

    id = serializers.IntegerField(read_only=True)
    amount = StrictIntegerField(min_value=1, max_value=MAX_AMOUNT, help_text="In cents.")
    category = TextField(max_length=MAX_CATEGORY_LENGTH, help_text="What people type; one line.")
    description = TextField(
        max_length=MAX_DESCRIPTION_LENGTH,
        multiline=True,
        required=False,
        allow_null=True,
        allow_blank=True,
        help_text="What for; it may have several lines. An empty one is null.",
    )
    date = DayField(required=False, help_text="The day of the spending, from 1970 to 9998. Default: today in UTC.")
    created_at = serializers.DateTimeField(read_only=True, help_text="UTC")
    updated_at = serializers.DateTimeField(read_only=True, help_text="UTC")
    owner_id = serializers.IntegerField(read_only=True)
    revision = serializers.IntegerField(
        read_only=True, help_text="The number of the last change; it is the `ETag` too."
    )

    def validate_description(self, description: str | None) -> str | None:
        return description or None

    def to_representation(self, instance: Expense | dict[str, Any]) -> dict[str, Any]:
        return instance if isinstance(instance, dict) else instance.as_row()
