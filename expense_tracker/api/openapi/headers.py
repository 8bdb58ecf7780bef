"""Headers of requests and of responses."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse


def response_header(name: str, description: str, statuses: list[int], kind: Any = str) -> OpenApiParameter:
    """Return a header of the responses with these statuses."""
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=description, response=statuses)


class RequestHeader(OpenApiParameter):
    """A header of requests, with the errors that come of it by status."""

    def __init__(
        self, name: str, schema: dict[str, Any], description: str, errors: dict[str, OpenApiResponse] | None = None
    ) -> None:
        super().__init__(name, schema, OpenApiParameter.HEADER, description=description)
        self.errors = errors or {}


IF_NONE_MATCH = RequestHeader(
    "If-None-Match",
    {"type": "string"},
    "The `ETag` of the answer that you have; while nothing has changed, the answer is a 304 without a body.",
)
RETRY_AFTER = response_header("Retry-After", "In how many seconds to try again.", [429, 503], kind=OpenApiTypes.INT)
AUTHENTICATE = response_header("WWW-Authenticate", "`Bearer` (RFC 6750).", [401])
# Of what a user asks; an answer that names no user, a 401, has none.
COUNTED = [200, 201, 304, 400, 403, 404, 405, 409, 410, 411, 412, 413, 415, 422, 429, 501, 503]
RATE_LIMITS = [
    response_header(
        "RateLimit-Policy",
        'How many requests a user has in a window of seconds: `"user";q=600;w=60` '
        "(draft-ietf-httpapi-ratelimit-headers-11).",
        COUNTED,
    ),
    response_header(
        "RateLimit",
        'How many of these are left, and in how many seconds there are as many as ever: `"user";r=587;t=42`.',
        COUNTED,
    ),
]
