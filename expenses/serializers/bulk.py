"""Many operations in one request."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.settings import api_settings

from expense_tracker.api.fields import StrictIntegerField, TextField
from expense_tracker.api.routers import LARGEST_ID
from expense_tracker.api.serializers import StrictSerializer
from expenses.models.expense import MAX_CATEGORY_LENGTH
from expenses.money import MAX_AMOUNT
from expenses.serializers.expense import EXPENSE, LUNCH, ExpenseSerializer


class BulkUpdateSerializer(ExpenseSerializer):
    """The id of an expense and the members of it to change."""

    id = StrictIntegerField(min_value=1, max_value=LARGEST_ID, help_text="Of an expense of yours.")
    amount = StrictIntegerField(min_value=1, max_value=MAX_AMOUNT, required=False, help_text="In cents.")
    category = TextField(max_length=MAX_CATEGORY_LENGTH, required=False, help_text="What people type; one line.")
    if_revision = StrictIntegerField(
        min_value=0, max_value=LARGEST_ID, required=False, help_text="Where it has another one by now: 412."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A morning without a network",
            {
                "create": [LUNCH],
                "update": [{"id": 67, "amount": 2600, "if_revision": 12}],
                "delete": [66],
            },
            request_only=True,
        )
    ]
)
class BulkSerializer(StrictSerializer):
    """What to do, all of it or nothing."""

    MAX_OPERATIONS = 1000

    # Members, not the methods of these names.
    create = ExpenseSerializer(many=True, default=list, help_text="New expenses.")  # type: ignore[assignment]
    update = BulkUpdateSerializer(many=True, default=list, help_text="Changes, as with PATCH.")  # type: ignore[assignment]
    delete = serializers.ListField(
        child=StrictIntegerField(min_value=1, max_value=LARGEST_ID), default=list, help_text="Ids."
    )

    def to_internal_value(self, data: Any) -> Any:
        # Before any is looked at: two megabytes hold a million items that are none, and each would have its error.
        if isinstance(data, dict) and sum(len(each) for each in data.values() if isinstance(each, list)) > (
            self.MAX_OPERATIONS
        ):
            message = f"No more than {self.MAX_OPERATIONS} operations."
            raise serializers.ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [message]}, code="max_length")
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        seen: set[int] = set()
        errors: dict[str, dict[str, Any]] = {"update": {}, "delete": {}}
        for index, each in enumerate(attrs["update"]):
            if each["id"] in seen:
                errors["update"][str(index)] = {"id": ["This expense is named twice."]}
            seen.add(each["id"])
        for index, expense_id in enumerate(attrs["delete"]):
            if expense_id in seen:
                errors["delete"][str(index)] = ["This expense is named twice."]
            seen.add(expense_id)
        if any(errors.values()):
            raise serializers.ValidationError(errors, code="repeated")
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Done",
            {"created": [EXPENSE | {"id": 68}], "updated": [EXPENSE | {"amount": 2600}], "deleted": [66]},
            response_only=True,
        )
    ]
)
class BulkResultSerializer(serializers.Serializer[Any]):
    created = ExpenseSerializer(many=True, help_text="In the order of the request.")
    updated = ExpenseSerializer(many=True, help_text="In the order of the request.")
    deleted = serializers.ListField(child=serializers.IntegerField(), help_text="Ids.")
