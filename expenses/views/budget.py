"""Budgets: monthly limits, and what is spent of them."""

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import unless_unchanged
from expense_tracker.api.openapi import message_response
from expense_tracker.api.parameters import check_parameters, invalid_parameter
from expense_tracker.dates import parse_month, today
from expenses import actions
from expenses.etags import collection_etag
from expenses.models import Budget, Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.serializers.budget import BudgetReportSerializer, BudgetSerializer

# As `parse_month` takes it, from 1970 to 9998.
MONTH_PATTERN = "^(19[7-9][0-9]|[2-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])-(0[1-9]|1[0-2])$"


class BudgetsView(APIView):
    @extend_schema(
        operation_id="list_budgets",
        tags=["Reports"],
        parameters=[
            OpenApiParameter(
                "month",
                {"type": "string", "pattern": MONTH_PATTERN, "examples": ["2026-01"]},
                description="`YYYY-MM`. Default: this month in UTC.",
            ),
            COLLECTION_ETAG,
        ],
        responses=BudgetReportSerializer(many=True),
    )
    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        """List budgets

        Your limits with what was spent of each in a month: the limit of all spending first, then by category. Limits
        have no history: those of today are applied to the month that is asked for."""
        check_parameters(request.query_params, known=("month",))
        day = today()
        try:
            month = parse_month(request.query_params.get("month", f"{day:%Y-%m}"))
        except ValueError as error:
            raise invalid_parameter("month", str(error)) from None
        budgets = Budget.objects.owned_by(request.user)
        expenses = Expense.objects.live().owned_by(request.user)
        return unless_unchanged(
            request,
            collection_etag(request.user, day),
            lambda: Response(budgets.report(expenses, month=month, today=day)),
        )

    @extend_schema(
        operation_id="set_budget",
        tags=["Reports"],
        request=BudgetSerializer,
        responses={200: BudgetSerializer, 201: BudgetSerializer},
    )
    def put(self, request: AuthenticatedRequest) -> Response:
        """Set a budget

        Creates the monthly limit of a category, or, where `category` is null, of all spending (201), or replaces the
        one there is (200)."""
        serializer = BudgetSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        budget, created = actions.set_budget(owner_id=request.user.pk, **serializer.validated_data)
        return Response(budget.as_row(), status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


class BudgetView(APIView):
    @extend_schema(
        operation_id="delete_budget",
        tags=["Reports"],
        responses={200: message_response("Budget deleted successfully")},
    )
    def delete(self, request: AuthenticatedRequest, pk: int) -> Response:
        """Delete a budget

        The expenses stay."""
        actions.delete_budget(owner_id=request.user.pk, budget_id=pk)
        return Response({"message": "Budget deleted successfully"})
