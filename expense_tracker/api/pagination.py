"""Pages in headers: the body stays an array, `X-Total-Count` counts all and `Link` (RFC 8288) leads on."""

from typing import Any
from urllib.parse import urlencode

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from expense_tracker.api.parameters import integer_parameter

MAX_LIMIT = 1000
MAX_OFFSET = 10**9


class HeaderPagination(BasePagination):
    """`limit` (1 to 1000, default 1000) and `offset`. One row more than the page is read: only where that one is
    there, or the page begins behind the last row, does the total need a query of its own."""

    parameters = ("limit", "offset")

    def read_parameters(self, request: Request) -> None:
        """For a view that must know that they are right before it reads anything. Raises InvalidParameters."""
        self.request = request
        self.limit = integer_parameter(request.query_params, "limit", default=MAX_LIMIT, low=1, high=MAX_LIMIT)
        self.offset = integer_parameter(request.query_params, "offset", default=0, low=0, high=MAX_OFFSET)

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self.read_parameters(request)
        rows = list(queryset[self.offset : self.offset + self.limit + 1])
        complete = len(rows) <= self.limit and (rows or self.offset == 0)
        self.total = self.offset + len(rows) if complete else queryset.count()
        return rows[: self.limit]

    def get_paginated_response(self, data: Any) -> Response:
        headers = {"X-Total-Count": str(self.total)}
        if links := self.links():
            headers["Link"] = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items())
        return Response(data, headers=headers)

    def links(self) -> dict[str, str]:
        """URLs without a host, by relation: a reference that is relative to the request cannot repeat a forged one."""
        if self.total <= self.limit and self.offset == 0:
            return {}
        last = (self.total - 1) // self.limit * self.limit if self.total else 0
        offsets = {"first": 0, "last": last}
        if self.offset > 0:
            offsets["prev"] = max(0, min(self.offset, last + self.limit) - self.limit)
        if self.offset + self.limit < self.total:
            offsets["next"] = self.offset + self.limit
        others = [pair for pair in self.request.query_params.lists() if pair[0] not in self.parameters]
        same = urlencode([*others, ("limit", self.limit)], doseq=True)
        return {name: f"{self.request.path}?{same}&offset={offset}" for name, offset in offsets.items()}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "limit",
                "in": "query",
                "description": "How many expenses to answer at the most.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": MAX_LIMIT},
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
