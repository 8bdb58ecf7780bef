"""The one JSON parser, and the one for forms."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.http import QueryDict
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser, MultiPartParser

MAX_BODY_BYTES = 64 * 1024


class ContentTooLarge(APIException):
    status_code = 413
    default_detail = "The request body is too large."
    default_code = "content_too_large"


def check_charset(media_type: str | None, context: Mapping[str, Any]) -> None:
    """Errors: 415, for another charset than UTF-8: Python has codecs that take very long, or raise odd errors."""
    charset = context["request"].content_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(media_type or "", detail=f"The body must be UTF-8, not {charset[:40]!r}.")


def read_body(stream: IO[Any], media_type: str | None, context: Mapping[str, Any]) -> bytes:
    """Return the whole body. Raise a 413 if it exceeds the view's limit, and a 415 for a charset other than UTF-8."""
    check_charset(media_type, context)
    limit = getattr(context["view"], "max_body_bytes", MAX_BODY_BYTES)
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise ContentTooLarge(f"The request body is larger than {limit} bytes.")
    return body


class StrictJSONParser(BaseParser):
    """JSON as RFC 8259 has it: UTF-8, no NaN, no lone surrogates, nested at most a few hundred deep.

    A view that takes more than 64 KiB sets `max_body_bytes`. Errors: 400, 413, and 415 for another charset."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = read_body(stream, media_type, parser_context or {})
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not valid JSON: {error}") from None


class FormParser(BaseParser):
    """A form, for what OAuth 2 (RFC 6749) posts. Errors: 413, and 415 for another charset than UTF-8."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> QueryDict:
        return QueryDict(read_body(stream, media_type, parser_context or {}), encoding="utf-8")


class FileParser(MultiPartParser):
    """A form with files. Errors: 400, 413, and 415 for another charset than UTF-8."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        check_charset(media_type, parser_context or {})
        return super().parse(stream, media_type, parser_context)
