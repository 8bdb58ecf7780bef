"""Pages in headers: the body stays an array, `X-Total-Count` counts all and `Link` (RFC 8288) leads on."""

from typing import Any
from urllib.parse import urlencode

import orjson
from django.core.signing import BadSignature, Signer
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response

from expense_tracker.api.filters import OrderingBackend
from expense_tracker.api.parameters import integer_parameter, invalid_parameter
from expense_tracker.db.keyset import read_after

MAX_OFFSET = 10**9


class PositionSerializer:
    dumps = staticmethod(orjson.dumps)
    loads = staticmethod(orjson.loads)


class HeaderPagination(LimitOffsetPagination):
    """`limit` (1 to 1000, default 1000), and `cursor` or `offset`.

    The next page goes by key, as with DRF's CursorPagination: its cursor holds the ordering's values of the last row
    that was shown, so that what comes and goes before it moves nothing. It is signed together with the ordering and the
    filters that it belongs to.

    One row more than the page is read: only where that one is there, or the page begins behind the last row, the rows
    must be counted."""

    default_limit = max_limit = 1000
    parameters = ("limit", "offset", "cursor")
    request: Request
    view: Any
    limit: int
    offset: int
    count: int
    ordering: tuple[str, ...]
    # The values of the ordering that the page comes after.
    position: list[Any] | None
    next_cursor: str | None

    def get_limit(self, request: Request) -> int:
        return integer_parameter(request.query_params, "limit", default=self.default_limit, low=1, high=self.max_limit)

    def get_offset(self, request: Request) -> int:
        return integer_parameter(request.query_params, "offset", default=0, low=0, high=MAX_OFFSET)

    def get_position(self, request: Request) -> list[Any] | None:
        cursor = request.query_params.get("cursor")
        if not cursor:
            return None
        if request.query_params.get("offset"):
            raise invalid_parameter("cursor", "Send either cursor or offset.")
        try:
            position: list[Any] = self.signer().unsign_object(cursor, serializer=PositionSerializer)
        except BadSignature:
            message = "Take it from a Link header, together with the filters and the ordering there."
            raise invalid_parameter("cursor", message) from None
        return position

    def read_parameters(self, request: Request, view: Any) -> None:
        """Read which page is asked for, before `paginate_queryset`. Raise InvalidParameters."""
        self.request, self.view = request, view
        self.ordering = OrderingBackend().get_ordering(request, view)
        self.limit, self.offset = self.get_limit(request), self.get_offset(request)
        self.position = self.get_position(request)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        if self.position is None:
            rows = list(queryset[self.offset : self.offset + self.limit + 1])
        else:
            rows = read_after(queryset, self.ordering, self.position, self.limit + 1)
        has_next, seen = len(rows) > self.limit, self.offset + len(rows) if rows else 0
        is_last = self.position is None and not has_next and (rows or self.offset == 0)
        # Rows may have come since the total was known.
        self.count = seen if is_last else max(seen, self.get_count(queryset))
        self.next_cursor = self.cursor_after(rows[self.limit - 1]) if has_next else None
        return rows[: self.limit]

    def position_of(self, row: dict[str, Any]) -> list[Any]:
        return [row[name.removeprefix("-")] for name in self.ordering]

    def cursor_after(self, row: dict[str, Any]) -> str:
        return self.signer().sign_object(self.position_of(row), serializer=PositionSerializer)

    def signer(self) -> Signer:
        filters = sorted((name, values) for name, values in self.other_parameters() if name != "ordering")
        return Signer(sep=".", salt=repr((self.ordering, filters)))

    def other_parameters(self) -> list[tuple[str, list[str]]]:
        sent = self.request.query_params
        return [(name, sent.getlist(name)) for name in sent if sent[name] and name not in self.parameters]

    def get_paginated_response(self, data: Any) -> Response:
        headers = {"X-Total-Count": str(self.count)}
        if links := self.links():
            headers["Link"] = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())
        return Response(data, headers=headers)

    def links(self) -> dict[str, str]:
        """Return URLs without a host, by relation: a reference that is relative to the request cannot repeat a forged
        host. A page behind a cursor does not know its number, so none is before it."""
        if self.next_cursor is None and self.position is None and self.offset == 0:
            return {}
        last = (self.count - 1) // self.limit * self.limit if self.count else 0
        pages = {"first": "offset=0", "last": f"offset={last}"}
        if self.offset > 0:
            pages["prev"] = f"offset={max(0, min(self.offset, last + self.limit) - self.limit)}"
        if self.next_cursor is not None:
            pages["next"] = f"cursor={self.next_cursor}"
        same = urlencode([*self.other_parameters(), ("limit", self.limit)], doseq=True)
        return {relation: f"{self.request.path}?{same}&{page}" for relation, page in pages.items()}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "description": "How many expenses to answer at the most.",
                "schema": {"type": "integer", "minimum": 1, "maximum": self.max_limit, "default": self.default_limit},
            },
            {
                "name": "offset",
                "in": "query",
                "description": "How many expenses to pass over first. To read all, follow `next` in `Link` instead: by "
                "`offset`, what comes or goes meanwhile moves the others.",
                "schema": {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
            },
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the last page ended: `next` in `Link` has it. It goes with the same filters and "
                "`ordering`, and not with `offset`.",
                "schema": {"type": "string", "minLength": 1},
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return schema
