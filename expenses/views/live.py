"""Live changes, as a stream of events."""

import re

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.errors import CONTENT_TYPE, DatabaseUnavailable
from expense_tracker.api.openapi import RequestHeader, problem_response
from expense_tracker.api.viewsets import StrictViewSet, query_parameters
from expense_tracker.environ import STREAMS
from expense_tracker.exceptions import LimitReached
from expenses.exceptions import (
    RETRY_SECONDS,
    InvalidLastEventId,
    ServerStops,
    StreamsNeedASGI,
    TooManyListeners,
    TooManyStreams,
)
from expenses.live import watcher
from expenses.serializers.sync import LiveQuerySerializer

REVISION = re.compile(r"[0-9]{1,19}", re.ASCII)
LAST_EVENT_ID = RequestHeader(
    "Last-Event-ID",
    {"type": "string", "pattern": "^[0-9]{1,19}$"},
    "The `id` of the last event that you got; it goes before `since`.",
    {"400": problem_response("`Last-Event-ID` is no `id` of an event.", InvalidLastEventId())},
)
EVENTS = OpenApiExample(
    "Events",
    "retry: 3000\n\n"
    'id: 128\nevent: revision\ndata: {"revision":128}\n\n'
    ":\n\n"
    'event: end\ndata: {"reason":"token_expired"}\n\n',
)


@extend_schema(tags=["Sync"])
class LiveViewSet(StrictViewSet):
    request: AuthenticatedRequest

    @extend_schema(
        operation_id="listen_to_changes",
        parameters=[LAST_EVENT_ID],
        responses={
            (200, "text/event-stream"): OpenApiResponse(
                OpenApiTypes.STR, "An event for each new revision, until the stream ends.", [EVENTS]
            ),
            (429, CONTENT_TYPE): problem_response(
                "Too many streams of yours at once, or too many requests.",
                TooManyStreams(RETRY_SECONDS),
                LimitReached(42),
            ),
            (501, CONTENT_TYPE): problem_response("The server cannot stream.", StreamsNeedASGI()),
            (503, CONTENT_TYPE): problem_response(
                "Busy, or being restarted; `Retry-After` says in how many seconds to try again.",
                TooManyListeners(),
                ServerStops(),
                DatabaseUnavailable(),
            ),
        },
    )
    @query_parameters(LiveQuerySerializer)
    def list(self, request: AuthenticatedRequest) -> StreamingHttpResponse:
        """Listen to changes

        A stream of events (`text/event-stream`). The event `revision` comes at once, and again whenever something of
        yours has changed, in whatever way: half a second later, several changes together. Then ask `GET
        /api/expenses/changes` for what it was; the whole loop is under *Live changes*. With `since` or `Last-Event-ID`
        there is no first event where nothing has changed since then. A line that begins with a colon says every 15
        seconds that the stream lives.

        The last event is `end` with a `reason`. `session_ended`: somebody logged out, or changed the password.
        `token_expired`: get a new token, and listen again. `shutdown`: listen again after 3 seconds."""
        seen = self.last_event_id()
        if seen is None:
            seen = self.query["since"]
        if not request.META.get(STREAMS):
            raise StreamsNeedASGI
        stream = watcher.listen(request.auth, seen=seen)
        return StreamingHttpResponse(
            stream,
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    def last_event_id(self) -> int | None:
        """Return the revision of the header, or None where there is none. Raise InvalidLastEventId."""
        text = self.request.META.get("HTTP_LAST_EVENT_ID")
        if not text:
            return None
        if not REVISION.fullmatch(text):
            raise InvalidLastEventId
        return int(text)
