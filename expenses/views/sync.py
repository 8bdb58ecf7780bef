"""Keeping a copy on a device."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import unless_unchanged
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import problem_response
from expense_tracker.api.parameters import check_parameters, integer_parameter
from expense_tracker.api.routers import LARGEST_ID
from expenses.etags import collection_etag
from expenses.exceptions import CursorOutdated
from expenses.models import Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.serializers.sync import ChangesSerializer

DEFAULT_LIMIT = 500
MAX_LIMIT = 1000


class ChangesView(APIView):
    @extend_schema(
        operation_id="list_changes",
        tags=["Sync"],
        parameters=[
            OpenApiParameter(
                "since",
                {"type": "integer", "minimum": 0, "maximum": LARGEST_ID, "default": 0},
                description="The `revision` of the last answer; 0 for everything.",
            ),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
                description="How many changes to answer at the most.",
            ),
            COLLECTION_ETAG,
        ],
        responses={
            200: ChangesSerializer,
            (410, CONTENT_TYPE): problem_response("The cursor is of no use any more: begin again with 0.", "resync"),
        },
    )
    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        """List changes

        What has changed since a revision, each expense once, as it is now: store `changed`, remove `deleted`, remember
        `revision` and send it as `since` the next time; as long as `has_more` is true, at once. A cursor never
        expires, and no change is left out, whoever writes at the same time. A cursor that the server has never given
        out (it was restored from a backup) is a 410 with the detail `resync`: begin again with 0."""
        check_parameters(request.query_params, known=("since", "limit"))
        since = integer_parameter(request.query_params, "since", default=0, low=0, high=LARGEST_ID)
        limit = integer_parameter(request.query_params, "limit", default=DEFAULT_LIMIT, low=1, high=MAX_LIMIT)
        if since and not request.user.has_issued(since):
            raise CursorOutdated
        return unless_unchanged(
            request, collection_etag(request.user), lambda: Response(self.changes(request, since, limit))
        )

    def changes(self, request: AuthenticatedRequest, since: int, limit: int) -> dict[str, Any]:
        rows = list(Expense.objects.owned_by(request.user).changed_since(since).rows("deleted_at")[: limit + 1])
        page, has_more = rows[:limit], len(rows) > limit
        cursor = page[-1]["revision"] if page else since
        changed, deleted = [], []
        for row in page:
            deleted_at = row.pop("deleted_at")
            if deleted_at is None:
                changed.append(row)
            else:
                deleted.append({"id": row["id"], "deleted_at": deleted_at, "revision": row["revision"]})
        return {
            "changed": changed,
            "deleted": deleted,
            # All that the ledger had counted before the rows were read is among them, or was no expense.
            "revision": cursor if has_more else max(cursor, request.user.revision),
            "has_more": has_more,
        }
