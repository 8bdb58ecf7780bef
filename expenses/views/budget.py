"""Budgets: monthly limits, and what is spent of them."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import is_not_modified, not_modified, tagged
from expense_tracker.api.openapi import message_response
from expense_tracker.api.viewsets import query_parameters
from expenses import actions
from expenses.etags import collection_etag
from expenses.idempotency import idempotent
from expenses.models import Budget, Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.reports import report_budgets
from expenses.serializers.budget import BudgetQuerySerializer, BudgetReportSerializer, BudgetSerializer
from expenses.views.owned import OwnedViewSet


@extend_schema(tags=["Reports"])
class BudgetViewSet(OwnedViewSet):
    queryset = Budget.objects.all()
    serializer_class = BudgetSerializer

    @extend_schema(
        operation_id="list_budgets", parameters=[COLLECTION_ETAG], responses=BudgetReportSerializer(many=True)
    )
    @query_parameters(BudgetQuerySerializer)
    def list(self, request: AuthenticatedRequest) -> HttpResponse:
        """List budgets

        Your limits with what was spent of each in a month: the limit of all spending first, then by category. Limits
        have no history: those of today are applied to the month that is asked for."""
        day = request.user.today()
        month = self.query["month"] or day.replace(day=1)
        etag = collection_etag(request.user, day)
        if is_not_modified(request, etag):
            return not_modified(etag)
        expenses = Expense.objects.live().owned_by(request.user)
        report = report_budgets(self.get_queryset(), expenses, month=month, today=day)
        return tagged(Response(BudgetReportSerializer(report, many=True).data), etag)

    @extend_schema(
        operation_id="set_budget",
        request=BudgetSerializer,
        responses={200: BudgetSerializer, 201: BudgetSerializer},
    )
    @idempotent
    def replace(self, request: AuthenticatedRequest) -> Response:
        """Set a budget

        Creates the monthly limit of a category, or, where `category` is null, of all spending (201), or replaces the
        one there is (200)."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        budget, is_new = actions.set_budget(owner=request.user, **serializer.validated_data)
        body = self.get_serializer(budget).data
        return Response(body, status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    @extend_schema(operation_id="delete_budget", responses={200: message_response("Budget deleted successfully")})
    @idempotent
    def destroy(self, request: AuthenticatedRequest, pk: int) -> Response:
        """Delete a budget

        The expenses stay."""
        actions.delete_budget(owner=request.user, budget_id=pk)
        return Response({"message": "Budget deleted successfully"})
