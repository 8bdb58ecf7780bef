"""The expenses of a user."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import expected_revisions, is_not_modified, not_modified, tagged
from expense_tracker.api.filters import FilterBackend, OrderingBackend
from expense_tracker.api.openapi import message_response
from expense_tracker.api.serializers import shared
from expense_tracker.api.viewsets import query_parameters
from expenses import actions
from expenses.etags import collection_etag, expense_etag
from expenses.exceptions import ExpenseDeleted
from expenses.filters import ExpenseFilterSet
from expenses.idempotency import idempotent
from expenses.models import Expense, ExpenseQuerySet
from expenses.openapi import DELETED_ERROR, ETAG, IF_MATCH, LOCATION, PAGE_HEADERS
from expenses.pagination import ExpensePagination
from expenses.serializers.expense import (
    EXPENSE_FIELDS,
    ExpenseCreationSerializer,
    ExpenseListQuerySerializer,
    ExpenseSerializer,
    OldExpenseCreationSerializer,
)
from expenses.views.owned import OwnedViewSet

# PUT makes of a field that may be null, and is not sent, null.
NULLABLE = [name for name in Expense.CONTENT_FIELDS if Expense._meta.get_field(name).null]


@extend_schema(tags=["Expenses"])
class ExpenseViewSet(OwnedViewSet):
    queryset = Expense.objects.all()
    serializer_class = ExpenseSerializer
    filter_backends = (FilterBackend, OrderingBackend)
    filterset_class = ExpenseFilterSet
    repeatable_parameters = ("category",)
    ordering_columns = {
        "date": ("date",),
        "amount": ("amount",),
        # Letters together, whatever their case and accents; then by code point.
        "category": ("search_text__head", "category"),
        "created_at": ("created_at",),
    }
    ordering = "-date"
    pagination_class = ExpensePagination
    lookup_value_converter = "id"
    paginator: ExpensePagination

    def get_queryset(self) -> ExpenseQuerySet:
        expenses: ExpenseQuerySet = super().get_queryset()
        return expenses.in_trash() if self.action == "list" and self.query["deleted"] else expenses.live()

    def get_serializer_class(self) -> type[ExpenseSerializer]:
        taken = {"create": ExpenseCreationSerializer, "create_with_200": OldExpenseCreationSerializer}
        return taken.get(self.action, ExpenseSerializer)

    @extend_schema(operation_id="list_expenses", parameters=PAGE_HEADERS, responses=ExpenseSerializer(many=True))
    @query_parameters(ExpenseListQuerySerializer)
    def list(self, request: AuthenticatedRequest) -> HttpResponse:
        """List expenses

        Your expenses as an array, the newest day first. All parameters can be combined; one that is unknown or
        malformed is a 400 that names the parameters there are. With `If-None-Match` and the `ETag` of an earlier answer
        an unchanged list is a 304, which costs next to nothing: poll as often as you like."""
        expenses = self.filter_queryset(self.get_queryset())
        self.paginator.read_parameters(request, self)
        if self.query["deleted"]:
            # What `manage.py prune` purges takes no revision, so the trash has no tag.
            return self.page(expenses, *EXPENSE_FIELDS, "deleted_at")
        etag = collection_etag(request.user)
        if is_not_modified(request, etag):
            return not_modified(etag)
        return tagged(self.page(expenses, *EXPENSE_FIELDS), etag)

    def page(self, expenses: ExpenseQuerySet, *fields: str) -> Response:
        rows = self.paginate_queryset(expenses.values(*fields))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    @extend_schema(
        operation_id="create_expense",
        parameters=[LOCATION, ETAG],
        responses={200: ExpenseSerializer, 201: ExpenseSerializer, **DELETED_ERROR},
    )
    @idempotent
    def create(self, request: AuthenticatedRequest) -> Response:
        """Create an expense

        Amounts are integers of cents; `2500.0` is one too. Text is stored in Unicode's form NFC, without white space
        around it. Read-only members are accepted and ignored; any other unknown member is a 400.

        With an `Idempotency-Key` the request can be sent again when its answer was lost: for 24 hours it is done once,
        and answered again with `Idempotency-Replayed: true`. The same key with another request is a 422."""
        return self.create_as(request, status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="create_expense_with_200",
        deprecated=True,
        parameters=[LOCATION, ETAG],
        request=ExpenseCreationSerializer,
        responses={200: ExpenseSerializer, **DELETED_ERROR},
    )
    @idempotent
    def create_with_200(self, request: AuthenticatedRequest) -> Response:
        """Create an expense, answered with 200

        The same as `POST /api/expenses`, kept for the clients that were written before there was a 201. As it was
        published, it refuses an amount with a point: `2500.0`."""
        return self.create_as(request, status.HTTP_200_OK)

    def create_as(self, request: AuthenticatedRequest, created: int) -> Response:
        """Create an expense and answer it with the status `created`, or, where its external id is known, with 200."""
        values = shared(self.get_serializer_class()).run_validation(request.data)
        try:
            expense, is_new = actions.create_expense(owner=request.user, **values)
        except ExpenseDeleted as error:
            error.location = reverse("expense-detail", args=[error.expense_id])
            raise
        headers = {
            "Location": reverse("expense-detail", args=[expense.pk]),
            "ETag": expense_etag(expense.revision),
            **({} if is_new else {"Idempotency-Replayed": "true"}),
        }
        body = shared(ExpenseSerializer).to_representation(expense)
        return Response(body, status=created if is_new else status.HTTP_200_OK, headers=headers)

    @extend_schema(operation_id="read_expense", parameters=[ETAG])
    def retrieve(self, request: AuthenticatedRequest, pk: int) -> HttpResponse:
        """Read an expense

        Returns 404 for unknown ids and for other users' expenses alike."""
        expense = self.get_object()
        etag = expense_etag(expense.revision)
        if is_not_modified(request, etag):
            return not_modified(etag)
        return tagged(Response(shared(ExpenseSerializer).to_representation(expense)), etag)

    @extend_schema(
        operation_id="replace_expense",
        parameters=[IF_MATCH, ETAG],
        responses=ExpenseSerializer,
    )
    @idempotent
    def update(self, request: AuthenticatedRequest, pk: int) -> Response:
        """Replace an expense

        Replaces amount, category and description; a description that is absent becomes null, a date that is absent
        stays as it is. Send the `ETag` that you read as `If-Match`, and what somebody else has changed meanwhile is not
        overwritten: 412."""
        values = shared(self.get_serializer_class()).run_validation(request.data)
        return self.change(request, pk, dict.fromkeys(NULLABLE) | values)

    @extend_schema(
        operation_id="change_expense",
        parameters=[IF_MATCH, ETAG],
        responses=ExpenseSerializer,
    )
    @idempotent
    def partial_update(self, request: AuthenticatedRequest, pk: int) -> Response:
        """Change an expense

        Changes only the members that are sent; `"description": null` clears the description. `If-Match` as with PUT."""
        return self.change(request, pk, shared(self.get_serializer_class(), partial=True).run_validation(request.data))

    def change(self, request: AuthenticatedRequest, pk: int, changes: dict[str, Any]) -> Response:
        expense = actions.update_expense(
            owner=request.user, expense_id=pk, changes=changes, expected_revisions=expected_revisions(request)
        )
        return Response(
            shared(ExpenseSerializer).to_representation(expense), headers={"ETag": expense_etag(expense.revision)}
        )

    @extend_schema(
        operation_id="delete_expense",
        parameters=[IF_MATCH],
        responses={200: message_response("Expense deleted successfully")},
    )
    @idempotent
    def destroy(self, request: AuthenticatedRequest, pk: int) -> Response:
        """Delete an expense

        It is gone from every list and total, and can be restored for 30 days: `GET /api/expenses?deleted=true` lists
        the trash."""
        actions.delete_expense(owner=request.user, expense_id=pk, expected_revisions=expected_revisions(request))
        return Response({"message": "Expense deleted successfully"})

    @extend_schema(operation_id="restore_expense", request=None, parameters=[ETAG], responses=ExpenseSerializer)
    @action(methods=["post"], detail=True)
    @idempotent
    def restore(self, request: AuthenticatedRequest, pk: int) -> Response:
        """Restore an expense

        Brings a deleted expense back; one that is not deleted is answered as it is. After 30 days a deleted expense is
        forgotten: 404."""
        expense = actions.restore_expense(owner=request.user, expense_id=pk)
        return Response(
            shared(ExpenseSerializer).to_representation(expense), headers={"ETag": expense_etag(expense.revision)}
        )
