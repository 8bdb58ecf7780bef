"""Many operations in one request."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.settings import api_settings

from expense_tracker.api.fields import StrictIntegerField
from expense_tracker.api.routers import LARGEST_ID
from expense_tracker.api.serializers import StrictSerializer
from expenses.serializers.expense import EXPENSE, LUNCH, ExpenseCreationSerializer, ExpenseSerializer
from expenses.serializers.fields import AmountField, CategoryField

IF_REVISION = "The revision that you have seen; where it has another one by now: 412."


class BulkUpdateSerializer(ExpenseSerializer):
    """The id of an expense and the members of it to change."""

    id = StrictIntegerField(min_value=1, max_value=LARGEST_ID, help_text="Of an expense of yours.")
    amount = AmountField(required=False)
    category = CategoryField(required=False)
    if_revision = StrictIntegerField(min_value=0, max_value=LARGEST_ID, required=False, help_text=IF_REVISION)


class BulkDeletionSerializer(StrictSerializer):
    """The id of an expense, and perhaps the revision that you have seen."""

    id = StrictIntegerField(min_value=1, max_value=LARGEST_ID, help_text="Of an expense of yours.")
    if_revision = StrictIntegerField(min_value=0, max_value=LARGEST_ID, required=False, help_text=IF_REVISION)


class BulkDeletionField(serializers.Field[Any, Any, Any, Any]):
    """An id, or an object with one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            return BulkDeletionSerializer().run_validation(data)
        return {"id": StrictIntegerField(min_value=1, max_value=LARGEST_ID).run_validation(data)}


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
    create = ExpenseCreationSerializer(many=True, default=list, help_text="New expenses.")  # type: ignore[assignment]
    update = BulkUpdateSerializer(many=True, default=list, help_text="Changes, as with PATCH.")  # type: ignore[assignment]
    delete = serializers.ListField(
        child=BulkDeletionField(), default=list, help_text="Ids, or objects with `id` and `if_revision`."
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
        errors: dict[str, dict[str, Any]] = {"create": {}, "update": {}, "delete": {}}
        external_ids: set[str] = set()
        for index, values in enumerate(attrs["create"]):
            external_id = values.get("external_id")
            if external_id is not None and external_id in external_ids:
                errors["create"][str(index)] = {"external_id": ["This external_id is named twice."]}
            external_ids.add(external_id)
        seen: set[int] = set()
        for name in ("update", "delete"):
            for index, each in enumerate(attrs[name]):
                if each["id"] in seen:
                    message = ["This expense is named twice."]
                    errors[name][str(index)] = {"id": message} if name == "update" else message
                seen.add(each["id"])
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
