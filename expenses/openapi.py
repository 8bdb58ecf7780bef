"""Headers of requests and responses, the errors that come of them, and what the document cannot see by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.types import OpenApiTypes

from expense_tracker.api.conditional import InvalidIfMatch
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import RequestHeader, problem_response, response_header
from expenses.exceptions import ExpenseChanged, ExpenseDeleted, InvalidKey, KeyReused, StillInProgress
from expenses.serializers.bulk import BulkDeletionSerializer, BulkSerializer
from expenses.serializers.expense import DeletedExpenseSerializer

ETAG = response_header("ETag", "The revision of the expense, in quotation marks.", [200, 201])
COLLECTION_ETAG = response_header(
    "ETag", "Send it as `If-None-Match`: as long as nothing has changed, the answer is 304.", [200]
)
LOCATION = response_header("Location", "The path of the expense.", [200, 201, 409])
PAGE_HEADERS = [
    COLLECTION_ETAG,
    response_header("X-Total-Count", "How many expenses the filters leave in all.", [200], OpenApiTypes.INT),
    response_header("Link", "`first`, `prev`, `next` and `last` page (RFC 8288), where there is more than one.", [200]),
]
IDEMPOTENCY_HEADERS = [
    RequestHeader(
        "Idempotency-Key",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "A unique key per operation, e.g. a UUID (1-255 visible ASCII characters): sent again with the same key, the "
        "request is not done again.",
        {
            "400": problem_response("`Idempotency-Key` is too long, or has other characters.", InvalidKey()),
            "409": problem_response(
                "The first request with this key is still in progress; `Retry-After` says when to try again.",
                StillInProgress(),
            ),
            "422": problem_response("The key was used for another request.", KeyReused()),
        },
    ),
    response_header("Idempotency-Replayed", "`true`: this was done before, the first answer is repeated.", [200, 201]),
    response_header("Retry-After", "In how many seconds to try again.", [409], OpenApiTypes.INT),
    response_header("Location", "What the first request with this key created.", [422]),
]
IF_MATCH = RequestHeader(
    "If-Match",
    {"type": "string", "examples": ['"12"'], "pattern": r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'},
    "The `ETag` that you read, or the `revision` in double quotes; where it is another one by now, nothing is done: "
    "412.",
    {
        "400": problem_response("`If-Match` is no list of entity tags.", InvalidIfMatch()),
        "412": problem_response("It was changed after you read it.", ExpenseChanged()),
    },
)
DELETED_ERROR = {
    (409, CONTENT_TYPE): problem_response(
        "An expense with this `external_id` is in the trash; `Location` is its path.", ExpenseDeleted(67)
    ),
}


class ExpenseExtension(OpenApiSerializerExtension):
    """One schema for an expense, wherever it is answered: those in the trash have a member more."""

    target_class = "expenses.serializers.expense.ExpenseSerializer"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if direction == "response":
            deleted_at = DeletedExpenseSerializer().fields["deleted_at"]
            schema["properties"]["deleted_at"] = auto_schema._map_serializer_field(deleted_at, direction) | {
                "description": deleted_at.help_text
            }
        return schema


class BulkExtension(OpenApiSerializerExtension):
    """The most operations that there may be, which the serializer counts over its three lists."""

    target_class = "expenses.serializers.bulk.BulkSerializer"

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        for items in schema["properties"].values():
            items["maxItems"] = BulkSerializer.MAX_OPERATIONS
        return schema


class BulkDeletionExtension(OpenApiSerializerFieldExtension):
    target_class = "expenses.serializers.bulk.BulkDeletionField"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        deletion = auto_schema.resolve_serializer(BulkDeletionSerializer, direction)
        expense_id = deletion.schema["properties"]["id"]
        return {"oneOf": [expense_id, deletion.ref]}
