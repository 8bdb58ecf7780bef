"""An expense."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import DayField, FlagParameter
from expense_tracker.api.serializers import QuerySerializer, RowListSerializer, StrictSerializer
from expenses.serializers.fields import AmountField, CategoryField, DescriptionField, ExternalIdField, WholeAmountField

LUNCH = {"amount": 2500, "category": "Food", "description": "Lunch with team members"}
EXPENSE = {
    "id": 67,
    **LUNCH,
    "date": "2026-01-21",
    "created_at": "2026-01-21T12:08:05.137468Z",
    "updated_at": "2026-01-21T12:08:05.137468Z",
    "owner_id": 1,
    "revision": 12,
    "external_id": None,
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
    amount = AmountField()
    category = CategoryField()
    description = DescriptionField()
    date = DayField(
        required=False, help_text="The day of the spending, 1970 to 9998. Default: today in your time zone."
    )
    created_at = serializers.DateTimeField(read_only=True, help_text="UTC")
    updated_at = serializers.DateTimeField(read_only=True, help_text="UTC")
    owner_id = serializers.IntegerField(read_only=True)
    revision = serializers.IntegerField(read_only=True, help_text="Of the last change; it is the `ETag` too.")
    external_id = ExternalIdField(read_only=True)

    # What was read in the trash can be written back, too.
    ignored = frozenset({"deleted_at"})

    class Meta:
        list_serializer_class = RowListSerializer

    def to_representation(self, instance: Any) -> dict[str, Any]:
        # The renderer writes days and times as the fields would; to pass each through its field takes 0.1 ms.
        return {str(name): getattr(instance, str(name)) for name in self.fields}


class ExpenseCreationSerializer(ExpenseSerializer):
    """What was spent, on what and when. The client may give it an id of its own."""

    external_id = ExternalIdField()


class OldExpenseCreationSerializer(ExpenseCreationSerializer):
    """What `POST /api/create` has taken since it was published."""

    amount = WholeAmountField()


class DeletedExpenseSerializer(ExpenseSerializer):
    """An expense in the trash."""

    deleted_at = serializers.DateTimeField(read_only=True, help_text="UTC. Only in the trash.")


# The members of an expense: what a list reads of each row.
EXPENSE_FIELDS = tuple(ExpenseSerializer().fields)


class ExpenseListQuerySerializer(QuerySerializer):
    deleted = FlagParameter(help_text="`true`: the trash instead, each expense with `deleted_at`.")
