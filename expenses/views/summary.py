"""Where did the money go."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import unless_unchanged
from expense_tracker.api.parameters import choice_parameter, invalid_parameter
from expenses.etags import collection_etag
from expenses.filters import ExpenseFilterBackend
from expenses.models import Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.reports import MAX_FILLED_GROUPS, PERIODS, TooManyGroups, summarize
from expenses.serializers.summary import SummarySerializer

GROUPS = ("category", *PERIODS)
# All that `parse_group_by` takes.
GROUPINGS = [*GROUPS, *(f"category,{period}" for period in PERIODS), *(f"{period},category" for period in PERIODS)]


def parse_group_by(text: str | None) -> tuple[str | None, bool]:
    """The period, if any, and whether by category. Raises InvalidParameters."""
    names = (text or "").split(",")
    periods = [name for name in names if name in PERIODS]
    if not set(names) <= set(GROUPS) or len(set(names)) < len(names) or len(periods) > 1:
        raise invalid_parameter(
            "group_by", f"Give category, one of {', '.join(PERIODS)}, or both with a comma between them."
        )
    return (periods[0] if periods else None), "category" in names


class SummaryView(GenericAPIView[Any]):
    queryset = Expense.objects.live()
    filter_backends = (ExpenseFilterBackend,)
    pagination_class = None
    query_parameters = ("group_by", "fill")
    request: AuthenticatedRequest

    @extend_schema(
        operation_id="summarize_expenses",
        tags=["Reports"],
        parameters=[
            OpenApiParameter(
                "group_by",
                {"type": "string", "enum": GROUPINGS},
                required=True,
                description="`category`, one of `day`, `week`, `month`, `year`, or both: `category,month`.",
            ),
            OpenApiParameter(
                "fill",
                {"type": "string", "enum": ["true", "false"], "default": "false"},
                description="Whether to add the empty periods between the first and the last one, for every category.",
            ),
            COLLECTION_ETAG,
        ],
        responses=SummarySerializer,
        filters=True,
    )
    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        """Summarize expenses

        Count, total, average, least and greatest amount of the expenses that the filters leave, and of each group of
        them. The filters are those of the list. An average is rounded half up to a cent. A week is named by its
        Monday."""
        expenses = self.filter_queryset(self.queryset.owned_by(request.user))
        period, by_category = parse_group_by(request.query_params.get("group_by"))
        fill = choice_parameter(request.query_params, "fill", default="false", choices=("true", "false")) == "true"
        summary = partial(self.summary, expenses, period=period, by_category=by_category, fill=fill)
        return unless_unchanged(request, collection_etag(request.user), summary)

    def summary(self, expenses: Any, **options: Any) -> Response:
        try:
            return Response(summarize(expenses, **options))
        except TooManyGroups:
            raise invalid_parameter(
                "fill", f"That would be more than {MAX_FILLED_GROUPS} groups; narrow the dates or take a longer period."
            ) from None
