"""Headers of requests and responses, the errors that come of them, and what the document cannot see by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import OpenApiParameter

from expense_tracker.api.conditional import InvalidIfMatch
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import problem_response
from expenses.exceptions import ExpenseChanged, KeyReused, StillInProgress
from expenses.serializers.bulk import BulkDeletionSerializer


def header(name: str, description: str, statuses: list[int]) -> OpenApiParameter:
    """A header of responses with these statuses."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, response=statuses)


ETAG = header("ETag", "The revision of the expense, in quotation marks.", [200, 201])
COLLECTION_ETAG = header(
    "ETag", "Send it as `If-None-Match`: as long as nothing has changed, the answer is 304.", [200]
)
LOCATION = header("Location", "The path of the new expense.", [200, 201])
REPLAYED = header("Idempotency-Replayed", "`true`: the answer of an earlier request with this key.", [200, 201])
PAGE_HEADERS = [
    COLLECTION_ETAG,
    header("X-Total-Count", "How many expenses the filters leave in all.", [200]),
    header("Link", "`first`, `prev`, `next` and `last` page (RFC 8288), where there is more than one.", [200]),
]

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="A unique key per operation, e.g. a UUID (1-255 visible ASCII characters).",
)
IDEMPOTENCY_ERRORS = {
    (409, CONTENT_TYPE): problem_response(
        "The first request with this key is still in progress; `Retry-After` says when to try again.",
        str(StillInProgress.detail),
    ),
    (422, CONTENT_TYPE): problem_response("The key was used for another request.", str(KeyReused.detail)),
}
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'},
    OpenApiParameter.HEADER,
    description="The `ETag` that you read, or the `revision` in double quotes; where it is another one by now, "
    "nothing is done: 412.",
)
# Of what has no body; to others it is one of the errors of a 400.
NO_TAG_ERROR = {
    (400, CONTENT_TYPE): problem_response("`If-Match` is no list of entity tags.", InvalidIfMatch.detail),
}
IF_MATCH_ERRORS = {
    (412, CONTENT_TYPE): problem_response("It was changed after you read it.", str(ExpenseChanged.detail)),
}


class BulkDeletionExtension(OpenApiSerializerFieldExtension):
    target_class = "expenses.serializers.bulk.BulkDeletionField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        deletion = auto_schema.resolve_serializer(BulkDeletionSerializer, direction)
        expense_id = deletion.schema["properties"]["id"]
        return {"oneOf": [expense_id, deletion.ref]}
