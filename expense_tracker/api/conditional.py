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


class InvalidEntityTag(InvalidInput):
    code = "invalid_entity_tag"


def expected_revisions(request: Request) -> set[int] | None:
    """Return the revisions that `If-Match` names, or None where it allows any.

    Weak tags count as strong ones: the tag of one row is its revision and says nothing about bytes, and proxies that
    compress make tags weak. Raise InvalidEntityTag where the header holds no entity tag at all."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return None
    tags = parse_etags(header)
    if not tags or tags == ["*"]:
        raise InvalidEntityTag('If-Match must be an entity tag in quotation marks, like "12".')
    return {int(match[1]) for tag in tags if (match := REVISION_TAG.fullmatch(tag))}


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
