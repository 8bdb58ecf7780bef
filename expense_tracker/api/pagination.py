"""Pages in headers: the body stays an array, `X-Total-Count` counts all and `Link` (RFC 8288) leads on."""

from typing import Any
from urllib.parse import urlencode

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response

from expense_tracker.api.parameters import integer_parameter

MAX_OFFSET = 10**9


class HeaderPagination(LimitOffsetPagination):
    """`limit` (1 to 1000, default 1000) and `offset`.

    One row more than the page is read: only where that one is there, or the page begins behind the last row, the rows
    must be counted."""

    default_limit = max_limit = 1000
    parameters = ("limit", "offset")
    request: Request
    limit: int
    offset: int
    count: int

    def get_limit(self, request: Request) -> int:
        return integer_parameter(request.query_params, "limit", default=self.default_limit, low=1, high=self.max_limit)

    def get_offset(self, request: Request) -> int:
        return integer_parameter(request.query_params, "offset", default=0, low=0, high=MAX_OFFSET)

    def read_parameters(self, request: Request) -> None:
        """Read which page is asked for, before anything else is. Raise InvalidParameters."""
        self.request, self.limit, self.offset = request, self.get_limit(request), self.get_offset(request)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.view = view
        self.read_parameters(request)
        rows = list(queryset[self.offset : self.offset + self.limit + 1])
        is_complete = len(rows) <= self.limit and (rows or self.offset == 0)
        self.count = self.offset + len(rows) if is_complete else self.get_count(queryset)
        return rows[: self.limit]

    def get_paginated_response(self, data: Any) -> Response:
        headers = {"X-Total-Count": str(self.count)}
        if links := self.links():
            headers["Link"] = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())
        return Response(data, headers=headers)

    def links(self) -> dict[str, str]:
        """Return URLs without a host, by relation: a reference that is relative to the request cannot repeat a forged
        host."""
        if self.count <= self.limit and self.offset == 0:
            return {}
        last = (self.count - 1) // self.limit * self.limit if self.count else 0
        offsets = {"first": 0, "last": last}
        if self.offset > 0:
            offsets["prev"] = max(0, min(self.offset, last + self.limit) - self.limit)
        if self.offset + self.limit < self.count:
            offsets["next"] = self.offset + self.limit
        others = [pair for pair in self.request.query_params.lists() if pair[0] not in self.parameters]
        same = urlencode([*others, ("limit", self.limit)], doseq=True)
        return {name: f"{self.request.path}?{same}&offset={offset}" for name, offset in offsets.items()}

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
                "description": "How many expenses to pass over first.",
                "schema": {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0},
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return schema
