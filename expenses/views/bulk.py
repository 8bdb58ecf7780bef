"""Many changes in one request."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import problem_response
from expenses import actions
from expenses.exceptions import ExpensesChanged, ExpensesNotFound
from expenses.idempotency import idempotent
from expenses.openapi import IDEMPOTENCY_ERRORS, IDEMPOTENCY_KEY, REPLAYED
from expenses.serializers.bulk import BulkResultSerializer, BulkSerializer


class BulkView(APIView):
    max_body_bytes = 2 * 1024 * 1024

    @extend_schema(
        operation_id="change_many_expenses",
        tags=["Sync"],
        request=BulkSerializer,
        parameters=[IDEMPOTENCY_KEY, REPLAYED],
        responses={
            200: BulkResultSerializer,
            (404, CONTENT_TYPE): problem_response(
                "Expenses to update or to delete are not there; `errors` points to them.",
                str(ExpensesNotFound.detail),
            ),
            (412, CONTENT_TYPE): problem_response(
                "Expenses have another revision than `if_revision`; `errors` points to them.",
                str(ExpensesChanged.detail),
            ),
            **IDEMPOTENCY_ERRORS,
        },
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Change many expenses

        Creates, updates and deletes up to 1,000 expenses, all or nothing. `update` changes the members that are sent,
        as PATCH does; `if_revision` does what `If-Match` does for one. Errors point into the body:
        `#/create/3/amount`."""
        return idempotent(request, lambda: self.change(request))

    def change(self, request: AuthenticatedRequest) -> Response:
        serializer = BulkSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        created, updated = actions.change_expenses(owner_id=request.user.pk, **serializer.validated_data)
        return Response(
            {
                "created": [expense.as_row() for expense in created],
                "updated": [expense.as_row() for expense in updated],
                "deleted": serializer.validated_data["delete"],
            }
        )
