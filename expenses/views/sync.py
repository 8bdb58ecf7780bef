"""Keeping a copy on a device."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import is_not_modified, not_modified, tagged
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import problem_response
from expense_tracker.api.viewsets import query_parameters
from expense_tracker.exceptions import Fault
from expenses.batches import change_expenses
from expenses.etags import collection_etag
from expenses.exceptions import BatchRefused, CursorOutdated, ExpenseDeleted, ExpenseNotFound, RevisionChanged
from expenses.idempotency import idempotent
from expenses.models import Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.serializers.bulk import BulkResultSerializer, BulkSerializer
from expenses.serializers.expense import EXPENSE_FIELDS
from expenses.serializers.sync import ChangesQuerySerializer, ChangesSerializer
from expenses.views.owned import OwnedViewSet


@extend_schema(tags=["Sync"])
class SyncViewSet(OwnedViewSet):
    queryset = Expense.objects.all()
    serializer_class = ChangesSerializer
    # Of the bodies of `bulk`.
    max_body_bytes = 2 * 1024 * 1024

    @extend_schema(
        operation_id="change_many_expenses",
        request=BulkSerializer,
        responses={
            200: BulkResultSerializer,
            (404, CONTENT_TYPE): problem_response(
                "Expenses to update are not there; `errors` points to them.",
                BatchRefused([Fault(("update", 0, "id"), ExpenseNotFound)]),
            ),
            (409, CONTENT_TYPE): problem_response(
                "Expenses with these `external_id`s are in the trash; `errors` points to them.",
                BatchRefused([Fault(("create", 0, "external_id"), ExpenseDeleted)]),
            ),
            (412, CONTENT_TYPE): problem_response(
                "Expenses have another revision than `if_revision`; `errors` points to them.",
                BatchRefused([Fault(("update", 0, "if_revision"), RevisionChanged)]),
            ),
        },
    )
    @action(methods=["post"], detail=False, serializer_class=BulkSerializer)
    @idempotent
    def bulk(self, request: AuthenticatedRequest) -> Response:
        """Change many expenses

        Creates, updates and deletes up to 1,000 expenses, all or nothing. `update` changes the members that are sent,
        as PATCH does; `if_revision` does what `If-Match` does for one. Errors point into the body:
        `#/create/3/amount`."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        changes = change_expenses(owner=request.user, **serializer.validated_data)
        return Response(BulkResultSerializer(changes).data)

    @extend_schema(
        operation_id="list_changes",
        parameters=[COLLECTION_ETAG],
        responses={
            200: ChangesSerializer,
            (410, CONTENT_TYPE): problem_response(
                "The cursor is of no use any more: begin again with 0.", CursorOutdated()
            ),
        },
    )
    @action(methods=["get"], detail=False)
    @query_parameters(ChangesQuerySerializer)
    def changes(self, request: AuthenticatedRequest) -> HttpResponse:
        """List changes

        What has changed since a revision, each expense once, as it is now: store `changed`, remove `deleted`, remember
        `revision` and send it as `since` the next time; as long as `has_more` is true, at once. A cursor never
        expires, and no change is left out, whoever writes at the same time. A cursor that the server has never given
        out (it was restored from a backup) is a 410 with the code `resync`: begin again with 0."""
        since, limit = self.query["since"], self.query["limit"]
        if since and not request.user.has_issued(since):
            raise CursorOutdated
        etag = collection_etag(request.user)
        if is_not_modified(request, etag):
            return not_modified(etag)
        expenses = self.get_queryset().changed_since(since)
        # A device that knows nothing has nothing to remove.
        expenses = expenses if since else expenses.live()
        rows = list(expenses.values(*EXPENSE_FIELDS, "deleted_at")[: limit + 1])
        return tagged(Response(self.get_serializer(self.split(rows, since, limit)).data), etag)

    def split(self, rows: list[dict[str, Any]], since: int, limit: int) -> dict[str, Any]:
        """Return what to store and what to remove, and where to go on."""
        page, has_more = rows[:limit], len(rows) > limit
        cursor = page[-1]["revision"] if page else since
        changed = [row for row in page if row["deleted_at"] is None]
        deleted = [row for row in page if row["deleted_at"] is not None]
        for row in changed:
            del row["deleted_at"]
        return {
            "changed": changed,
            "deleted": deleted,
            # All up to the revision that was read before the rows is among them, or was no expense.
            "revision": cursor if has_more else max(cursor, self.request.user.revision),
            "has_more": has_more,
        }
