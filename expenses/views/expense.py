"""One's expenses."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.urls import get_script_prefix, reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import CreateModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import unless_unchanged
from expense_tracker.api.openapi import message_response
from expense_tracker.api.pagination import HeaderPagination
from expense_tracker.api.parameters import choice_parameter
from expenses import actions
from expenses.etags import collection_etag, expense_etag
from expenses.filters import ExpenseFilterBackend, ExpenseOrdering
from expenses.idempotency import idempotent
from expenses.models import Expense
from expenses.openapi import (
    ETAG,
    IDEMPOTENCY_ERRORS,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_MATCH_ERRORS,
    LOCATION,
    NO_TAG_ERROR,
    PAGE_HEADERS,
    REPLAYED,
)
from expenses.rows import ExpenseRows, live_row
from expenses.serializers.expense import ExpenseSerializer


@cache
def expenses_path(prefix: str) -> str:
    """The path of the list, below which each expense has its own. Reversing for each answer was a thirtieth of the
    work of a creation."""
    return reverse("expenses")


class ExpensesView(CreateModelMixin, GenericAPIView[Any]):
    serializer_class = ExpenseSerializer
    filter_backends = (ExpenseFilterBackend, ExpenseOrdering)
    pagination_class = HeaderPagination
    query_parameters = ("ordering", "deleted", *HeaderPagination.parameters)
    queryset = Expense.objects.live()
    request: AuthenticatedRequest
    paginator: HeaderPagination

    @extend_schema(
        operation_id="list_expenses",
        tags=["Expenses"],
        parameters=[
            OpenApiParameter(
                "deleted",
                {"type": "string", "enum": ["true", "false"], "default": "false"},
                description="`true`: the bin instead, each expense with `deleted_at`.",
            ),
            *PAGE_HEADERS,
        ],
        responses=ExpenseSerializer(many=True),
    )
    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        """List expenses

        Your expenses as an array, the newest day first. All parameters can be combined; one that is unknown or
        malformed is a 400 that names the parameters there are. With `If-None-Match` and the `ETag` of an earlier answer
        an unchanged list is a 304, which costs next to nothing: poll as often as you like."""
        in_trash = (
            choice_parameter(request.query_params, "deleted", default="false", choices=("true", "false")) == "true"
        )
        values = ExpenseFilterBackend().read(request, self)
        ordering = ExpenseOrdering().read(request)
        self.paginator.read_parameters(request)
        rows = ExpenseRows(owner=request.user, in_trash=in_trash, values=values, ordering=ordering)
        if in_trash:
            # What `manage.py prune` forgets takes no number.
            return self.page(rows)
        return unless_unchanged(request, collection_etag(request.user), lambda: self.page(rows))

    def page(self, rows: Any) -> Response:
        return self.get_paginated_response(self.paginate_queryset(rows))

    @extend_schema(
        operation_id="create_expense",
        tags=["Expenses"],
        parameters=[IDEMPOTENCY_KEY, LOCATION, ETAG, REPLAYED],
        responses={201: ExpenseSerializer, **IDEMPOTENCY_ERRORS},
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Create an expense

        Amounts are integers of cents. Text is stored in Unicode's form NFC, without white space around it. Read-only
        members are accepted and ignored; any other unknown member is a 400.

        With an `Idempotency-Key` the request can be sent again when its answer was lost: for 24 hours it is done once,
        and answered again with `Idempotency-Replayed: true`. The same key with another request is a 422."""
        return idempotent(request, lambda: self.create(request))

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = actions.create_expense(owner_id=self.request.user.pk, **serializer.validated_data)

    def get_success_headers(self, data: Any) -> dict[str, str]:
        return {
            "Location": f"{expenses_path(get_script_prefix())}/{data['id']}",
            "ETag": expense_etag(data["revision"]),
        }


class CreateView(ExpensesView):
    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="create",
        tags=["Expenses"],
        parameters=[IDEMPOTENCY_KEY, LOCATION, ETAG, REPLAYED],
        responses={200: ExpenseSerializer, **IDEMPOTENCY_ERRORS},
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Create an expense, answered with 200

        The same as `POST /api/expenses`, kept for the clients that were written before there was a 201."""
        return idempotent(request, lambda: self.create(request))

    def create(self, request: Request) -> Response:
        response = super().create(request)
        response.status_code = status.HTTP_200_OK
        return response


class ExpenseView(GenericAPIView[Any]):
    serializer_class = ExpenseSerializer
    queryset = Expense.objects.live()
    request: AuthenticatedRequest

    @extend_schema(operation_id="read_expense", tags=["Expenses"], parameters=[ETAG])
    def get(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Read an expense

        The id of somebody else's expense answers like one that never was: 404."""
        row = live_row(owner_id=request.user.pk, expense_id=pk)
        return unless_unchanged(request, expense_etag(row["revision"]), lambda: Response(row))

    @extend_schema(
        operation_id="replace_expense",
        tags=["Expenses"],
        parameters=[IF_MATCH, ETAG],
        responses={200: ExpenseSerializer, **IF_MATCH_ERRORS},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Replace an expense

        Replaces amount, category and description; a description that is absent becomes null, a date that is absent
        stays as it is. Send the `ETag` that you read as `If-Match`, and what somebody else has changed meanwhile is not
        overwritten: 412."""
        return self.update(request, pk, absent={"description": None})

    @extend_schema(
        operation_id="change_expense",
        tags=["Expenses"],
        parameters=[IF_MATCH, ETAG],
        responses={200: ExpenseSerializer, **IF_MATCH_ERRORS},
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Change an expense

        Changes only the members that are sent; `"description": null` clears the description. `If-Match` as with PUT."""
        return self.update(request, pk, partial=True)

    @extend_schema(
        operation_id="delete_expense",
        tags=["Expenses"],
        parameters=[IF_MATCH],
        responses={200: message_response("Expense deleted successfully"), **NO_TAG_ERROR, **IF_MATCH_ERRORS},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Delete an expense

        It is gone from every list and total, and can be restored for 30 days: `GET /api/expenses?deleted=true` lists
        the bin."""
        if_match = request.META.get("HTTP_IF_MATCH")
        user = self.request.user
        actions.delete_expense(owner_id=user.pk, expense_id=pk, if_match=if_match, last=user.revision)
        return Response({"message": "Expense deleted successfully"})

    def update(
        self, request: Request, pk: int, *, partial: bool = False, absent: dict[str, None] | None = None
    ) -> Response:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        row = actions.update_expense(
            owner_id=self.request.user.pk,
            expense_id=pk,
            changes=(absent or {}) | serializer.validated_data,
            if_match=request.META.get("HTTP_IF_MATCH"),
            last=self.request.user.revision,
        )
        return Response(row, headers={"ETag": expense_etag(row["revision"])})


class RestoreView(APIView):
    @extend_schema(
        operation_id="restore_expense",
        tags=["Expenses"],
        request=None,
        parameters=[ETAG],
        responses=ExpenseSerializer,
    )
    def post(self, request: AuthenticatedRequest, pk: int) -> Response:
        """Restore an expense

        Brings a deleted expense back; one that is not deleted is answered as it is. After 30 days a deleted expense is
        forgotten: 404."""
        expense = actions.restore_expense(owner_id=request.user.pk, expense_id=pk)
        return Response(expense.as_row(), headers={"ETag": expense_etag(expense.revision)})
