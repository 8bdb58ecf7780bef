"""Conditional requests (RFC 9110, section 13): what a client has already is not sent again."""

import re
from collections.abc import Callable

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from expense_tracker.exceptions import InvalidInput

# RFC 9110, section 8.8.3.
ENTITY_TAG = r'(?:W/)?"[!#-~\x80-\xff]*"'
IF_MATCH = re.compile(rf"[ \t]*(?:\*|{ENTITY_TAG}(?:[ \t]*,[ \t]*{ENTITY_TAG})*)[ \t]*")


class InvalidIfMatch(InvalidInput):
    detail = 'If-Match must be the ETag that you read, with its quotes: "3".'
    code = "invalid_if_match"


def if_match_allows(header: str | None, etag: str) -> bool:
    """Return whether `If-Match` allows to change what has this tag.

    The comparison is weak: nginx makes `W/"3"` of `"3"` where it compresses, and a revision says nothing of bytes.
    Raise InvalidIfMatch for what is no list of tags."""
    if header is None:
        return True
    if not IF_MATCH.fullmatch(header):
        raise InvalidIfMatch
    return etag_matches(etag, header)


def etag_matches(etag: str, header: str) -> bool:
    """Whether the header, `If-None-Match`, names the tag, by weak comparison: `W/"1"` and `"1"` are the same."""
    tags = parse_etags(header)
    return tags == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}


def unless_unchanged(request: Request, etag: str, answer: Callable[[], Response]) -> HttpResponse:
    """`answer()`, or a 304 without it where the client says that it has what the tag stands for."""
    if etag_matches(etag, request.META.get("HTTP_IF_NONE_MATCH", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = answer()
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization"
    return response
