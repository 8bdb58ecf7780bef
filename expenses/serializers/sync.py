"""Changes since a revision."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.fields import NumberParameter
from expense_tracker.api.routers import LARGEST_ID
from expense_tracker.api.serializers import QuerySerializer
from expenses.serializers.expense import EXPENSE, ExpenseSerializer


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


class ChangesQuerySerializer(QuerySerializer):
    since = NumberParameter(
        min_value=0, max_value=LARGEST_ID, default=0, help_text="The `revision` of the last answer; 0 for everything."
    )
    limit = NumberParameter(
        min_value=1, max_value=1000, default=500, help_text="How many changes to answer at the most."
    )


class LiveQuerySerializer(QuerySerializer):
    since = NumberParameter(
        min_value=0,
        max_value=LARGEST_ID,
        default=None,
        help_text="The last `revision` that you have seen: there is no first event where it still is that.",
    )
