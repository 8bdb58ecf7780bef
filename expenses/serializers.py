"""Input and output of the expense endpoints."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.settings import api_settings

from expense_tracker.converters import LARGEST_ID
from expense_tracker.serializers import DayField, StrictBooleanField, StrictIntegerField, StrictSerializer, TextField
from expenses.models import Expense
from expenses.models.expenses import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
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


@extend_schema_serializer(
    examples=[OpenApiExample("A typo", {"from": "Grocerys", "to": "Groceries"}, request_only=True)]
)
class CategoryRenameSerializer(StrictSerializer):
    """What a category is called, and what it shall be called."""

    to = TextField(max_length=MAX_CATEGORY_LENGTH, help_text="The new name.")
    merge = StrictBooleanField(
        default=False, help_text="Whether a category that is called so already may be put together with this one."
    )

    def get_fields(self) -> dict[str, Any]:
        # `from` cannot be the name of an attribute.
        source = TextField(max_length=MAX_CATEGORY_LENGTH, help_text="The name it has.")
        return {"from": source, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["from"] == attrs["to"]:
            raise serializers.ValidationError({"to": ["The names are equal."]}, code="equal")
        return attrs


@extend_schema_serializer(examples=[OpenApiExample("Renamed", {"changed": 42}, response_only=True)])
class RenamedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField(help_text="How many expenses were changed, without those in the bin.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A category",
            {"name": "Food", "count": 131, "total": 305240, "first_date": "2025-02-01", "last_date": "2026-01-21"},
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


FOOD_BUDGET = {"category": "Food", "amount": 40000}


@extend_schema_serializer(
    examples=[
        OpenApiExample("For a category", FOOD_BUDGET, request_only=True),
        OpenApiExample("For all spending", {"category": None, "amount": 200000}, request_only=True),
        OpenApiExample(
            "A budget",
            {"id": 3, **FOOD_BUDGET, "revision": 13},
            response_only=True,
            status_codes=["200", "201"],
        ),
    ]
)
class BudgetSerializer(StrictSerializer):
    """A monthly limit."""

    id = serializers.IntegerField(read_only=True)
    category = TextField(
        max_length=MAX_CATEGORY_LENGTH, allow_null=True, help_text="What it is for; null: all spending."
    )
    amount = StrictIntegerField(min_value=1, max_value=MAX_AMOUNT, help_text="In cents.")
    revision = serializers.IntegerField(read_only=True, help_text="The number of the last change of the limit.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A budget",
            {
                "id": 3,
                **FOOD_BUDGET,
                "revision": 13,
                "spent": 30524,
                "remaining": 9476,
                "percent": 76,
                "exceeded": False,
                "projected": 43124,
            },
            response_only=True,
        )
    ]
)
class BudgetReportSerializer(BudgetSerializer):
    """A monthly limit and what is spent of it."""

    spent = serializers.IntegerField(help_text="In cents, in the whole month.")
    remaining = serializers.IntegerField(help_text="In cents; negative when exceeded.")
    percent = serializers.IntegerField(help_text="How much of the limit is spent, rounded down.")
    exceeded = serializers.BooleanField(help_text="Whether more than the limit is spent.")
    projected = serializers.IntegerField(
        allow_null=True,
        help_text="For the current month the spending until today carried on to the month's end, and what is dated "
        "later, in cents; else null.",
    )


class DeletedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    deleted_at = serializers.DateTimeField(help_text="UTC")
    revision = serializers.IntegerField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Changes",
            {
                "changed": [EXPENSE],
                "deleted": [{"id": 66, "deleted_at": "2026-01-21T12:10:00.000000Z", "revision": 13}],
                "revision": 13,
                "has_more": False,
            },
            response_only=True,
        )
    ]
)
class ChangesSerializer(serializers.Serializer[Any]):
    changed = ExpenseSerializer(many=True, help_text="As they are now.")
    deleted = DeletedSerializer(many=True)
    revision = serializers.IntegerField(help_text="The next `since`.")
    has_more = serializers.BooleanField(help_text="Whether there is more to fetch at once.")


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
