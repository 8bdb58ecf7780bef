"""Conditional requests (RFC 9110, section 13): what a client has already is not sent again, and what it has not seen is
not overwritten."""

import re
from typing import TypeVar

from django.http import HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags
from rest_framework.request import Request

from expense_tracker.exceptions import InvalidInput

Answer = TypeVar("Answer", bound=HttpResponseBase)
REVISION_TAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,17})"', re.ASCII)
# RFC 9110, section 8.8.3.
ENTITY_TAG = r'(?:W/)?"[!#-~\x80-\xff]*"'
IF_MATCH = re.compile(rf"[ \t]*(?:\*|{ENTITY_TAG}(?:[ \t]*,[ \t]*{ENTITY_TAG})*)[ \t]*")


class InvalidIfMatch(InvalidInput):
    detail = 'If-Match must be the ETag that you read, with its quotes: "3".'
    code = "invalid_if_match"


def expected_revisions(request: Request) -> set[int] | None:
    """Return the revisions that `If-Match` names, or None where it allows any.

    Weak tags count as strong ones: nginx makes `W/"3"` of `"3"` where it compresses, and a revision says nothing of
    bytes. Raise InvalidIfMatch for what is no list of tags."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return None
    if not IF_MATCH.fullmatch(header):
        raise InvalidIfMatch
    return {int(match[1]) for tag in parse_etags(header) if (match := REVISION_TAG.fullmatch(tag))}


def is_not_modified(request: Request, etag: str) -> bool:
    """Return whether `If-None-Match` names the tag, by weak comparison: `W/"1"` and `"1"` are the same."""
    tags = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return tags == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in tags}


def tagged(response: Answer, etag: str) -> Answer:
    """Return the response with the headers that let a client ask whether it has changed."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization"
    return response


def not_modified(etag: str) -> HttpResponseNotModified:
    return tagged(HttpResponseNotModified(), etag)
