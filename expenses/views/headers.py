"""Response headers, for `/docs`."""

from drf_spectacular.utils import OpenApiParameter


def header(name: str, description: str, statuses: list[int]) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, response=statuses)


ETAG = header("ETag", "The revision of the expense, in quotation marks.", [200, 201])
LEDGER_ETAG = header("ETag", "Send it as `If-None-Match`: as long as nothing has changed, the answer is 304.", [200])
LOCATION = header("Location", "The path of the new expense.", [200, 201])
PAGE_HEADERS = [
    LEDGER_ETAG,
    header("X-Total-Count", "How many expenses the filters leave in all.", [200]),
    header("Link", "`first`, `prev`, `next` and `last` page (RFC 8288), where there is more than one.", [200]),
]
