"""Budgets, and what is spent of them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import MonthField
from expense_tracker.api.serializers import QuerySerializer, StrictSerializer
from expenses.serializers.fields import AmountField, CategoryField

# As `parse_month` takes it, from 1970 to 9998.
MONTH_PATTERN = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-(0[1-9]|1[0-2])$"
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
    category = CategoryField(allow_null=True, help_text="What it is for; null: all spending.")
    amount = AmountField()
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


class BudgetQuerySerializer(QuerySerializer):
    month = extend_schema_field({"type": "string", "pattern": MONTH_PATTERN, "examples": ["2026-01"]})(MonthField)(
        default=None, help_text="`YYYY-MM`. Default: this month in your time zone."
    )
