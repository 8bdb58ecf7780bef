"""Spending summary."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import is_not_modified, not_modified, tagged
from expense_tracker.api.filters import FilterBackend
from expense_tracker.api.parameters import invalid_parameter
from expense_tracker.api.viewsets import query_parameters
from expenses.etags import collection_etag
from expenses.filters import ExpenseFilterSet
from expenses.models import Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.reports import MAX_FILLED_GROUPS, TooManyGroups, summarize
from expenses.serializers.summary import SummaryQuerySerializer, SummarySerializer
from expenses.views.owned import OwnedViewSet


@extend_schema(tags=["Reports"])
class SummaryViewSet(OwnedViewSet):
    queryset = Expense.objects.live()
    serializer_class = SummarySerializer
    filter_backends = (FilterBackend,)
    filterset_class = ExpenseFilterSet
    repeatable_parameters = ("category",)

    @extend_schema(
        operation_id="summarize_expenses", parameters=[COLLECTION_ETAG], responses=SummarySerializer, filters=True
    )
    @query_parameters(SummaryQuerySerializer)
    def list(self, request: AuthenticatedRequest) -> HttpResponse:
        """Summarize expenses

        Count, total, average, least and greatest amount of the expenses that the filters leave, and of each group of
        them. The filters are those of the list. An average is rounded half up to a cent. A week is named by its
        Monday."""
        expenses = self.filter_queryset(self.get_queryset())
        (period, by_category), fill = self.query["group_by"], self.query["fill"]
        etag = collection_etag(request.user)
        if is_not_modified(request, etag):
            return not_modified(etag)
        try:
            summary = summarize(expenses, period=period, by_category=by_category, fill=fill)
        except TooManyGroups:
            raise invalid_parameter(
                "fill", f"That would be more than {MAX_FILLED_GROUPS} groups; narrow the dates or take a longer period."
            ) from None
        return tagged(Response(self.get_serializer(summary).data), etag)
