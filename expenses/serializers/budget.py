"""Budgets, and what is spent of them."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import StrictIntegerField, TextField
from expense_tracker.api.serializers import StrictSerializer
from expenses.models.expense import MAX_CATEGORY_LENGTH
from expenses.money import MAX_AMOUNT

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
