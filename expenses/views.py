"""The expense endpoints."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import CreateModelMixin, ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.openapi import message_response
from expense_tracker.pagination import HeaderPagination
from expenses import actions
from expenses.filters import ExpenseFilterBackend, ExpenseOrdering
from expenses.models import Expense
from expenses.serializers import ExpenseSerializer


def header(name: str, description: str, statuses: list[int]) -> OpenApiParameter:
    """A response header, for `/docs`."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, response=statuses)


ETAG = header("ETag", "The revision of the expense, in quotation marks.", [200, 201])
LOCATION = header("Location", "The path of the new expense.", [200, 201])
PAGE_HEADERS = [
    header("X-Total-Count", "How many expenses the filters leave in all.", [200]),
    header("Link", "`first`, `prev`, `next` and `last` page (RFC 8288), where there is more than one.", [200]),
]


def etag(revision: int) -> str:
    return f'"{revision}"'


class ExpensesView(ListModelMixin, CreateModelMixin, GenericAPIView[Any]):
    serializer_class = ExpenseSerializer
    filter_backends = (ExpenseFilterBackend, ExpenseOrdering)
    pagination_class = HeaderPagination
    query_parameters = ("ordering", *HeaderPagination.parameters)
    queryset = Expense.objects.live()
    request: AuthenticatedRequest

    def get_queryset(self) -> QuerySet[Any]:
        return self.queryset.owned_by(self.request.user).rows()

    @extend_schema(operation_id="list_expenses", tags=["Expenses"], parameters=PAGE_HEADERS)
    def get(self, request: Request) -> Response:
        """List expenses

        Your expenses as an array, the newest day first. All parameters can be combined; one that is unknown or
        malformed is a 400 that names the parameters there are."""
        return self.list(request)

    @extend_schema(
        operation_id="create_expense",
        tags=["Expenses"],
        parameters=[LOCATION, ETAG],
        responses={201: ExpenseSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create an expense

        Amounts are integers of cents. Text is stored in Unicode's form NFC, without white space around it. Read-only
        members are accepted and ignored; any other unknown member is a 400."""
        return self.create(request)

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = actions.create_expense(owner_id=self.request.user.pk, **serializer.validated_data)

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {"Location": reverse("expense", args=[data["id"]]), "ETag": etag(data["revision"])}


class CreateView(ExpensesView):
    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="create", tags=["Expenses"], parameters=[LOCATION, ETAG], responses={200: ExpenseSerializer}
    )
    def post(self, request: Request) -> Response:
        """Create an expense, answered with 200

        The same as `POST /api/expenses`, kept for the clients that were written before there was a 201."""
        response = self.create(request)
        response.status_code = status.HTTP_200_OK
        return response


class ExpenseView(RetrieveModelMixin, GenericAPIView[Any]):
    serializer_class = ExpenseSerializer
    queryset = Expense.objects.live()
    request: AuthenticatedRequest

    def get_queryset(self) -> QuerySet[Any]:
        return self.queryset.owned_by(self.request.user).rows()

    @extend_schema(operation_id="read_expense", tags=["Expenses"], parameters=[ETAG])
    def get(self, request: Request, pk: int) -> Response:
        """Read an expense

        The id of somebody else's expense answers like one that never was: 404."""
        row = self.get_object()
        return Response(row, headers={"ETag": etag(row["revision"])})

    @extend_schema(operation_id="replace_expense", tags=["Expenses"], parameters=[ETAG])
    def put(self, request: Request, pk: int) -> Response:
        """Replace an expense

        Replaces amount, category and description; a description that is absent becomes null, a date that is absent
        stays as it is."""
        return self.update(request, pk, absent={"description": None})

    @extend_schema(operation_id="change_expense", tags=["Expenses"], parameters=[ETAG])
    def patch(self, request: Request, pk: int) -> Response:
        """Change an expense

        Changes only the members that are sent; `"description": null` clears the description."""
        return self.update(request, pk, partial=True)

    @extend_schema(
        operation_id="delete_expense",
        tags=["Expenses"],
        responses={200: message_response("Expense deleted successfully")},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Delete an expense

        It is gone from every list and total."""
        actions.delete_expense(owner_id=self.request.user.pk, expense_id=pk)
        return Response({"message": "Expense deleted successfully"})

    def update(
        self, request: Request, pk: int, *, partial: bool = False, absent: dict[str, None] | None = None
    ) -> Response:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        expense = actions.update_expense(
            owner_id=self.request.user.pk, expense_id=pk, changes=(absent or {}) | serializer.validated_data
        )
        return Response(expense.as_row(), headers={"ETag": etag(expense.revision)})
