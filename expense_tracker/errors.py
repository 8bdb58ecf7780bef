"""The one error shape, RFC 9457 with its optional members left out: `{"detail": "User already exists"}`.

A validation error adds `errors`, a list of `{"detail", "code", "pointer"}` for members of the body (a JSON pointer,
RFC 6901, as a URI fragment) or `{"detail", "code", "parameter"}` for query parameters."""

from collections.abc import Iterator
from math import ceil
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, MethodNotAllowed, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"
NOT_FOUND = "Not found"
SHOWN_IN_DETAIL = 3


class InvalidParameters(ValidationError):
    """Query parameters that are unknown, repeated or malformed: lists of messages by parameter."""

    def __init__(self, messages: dict[str, list[ErrorDetail]]) -> None:
        super().__init__(messages)
        self.messages = messages


def escape(name: str) -> str:
    """`name` as a step of a JSON pointer in a URI fragment."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@")


def flatten(messages: Any, pointer: str) -> Iterator[tuple[str, ErrorDetail]]:
    """DRF's nested messages as pairs of a JSON pointer and one message."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            own = name in ("non_field_errors", "__all__")
            yield from flatten(inner, pointer if own else f"{pointer}/{escape(str(name))}")
    elif isinstance(messages, list):
        for index, inner in enumerate(messages):
            yield from flatten(inner, pointer if isinstance(inner, str) else f"{pointer}/{index}")
    else:
        yield pointer, messages


def validation_body(error: ValidationError) -> dict[str, Any]:
    if isinstance(error, InvalidParameters):
        places = [
            ("parameter", name, name, message) for name, messages in error.messages.items() for message in messages
        ]
    else:
        places = [("pointer", place, place[2:], message) for place, message in flatten(error.detail, "#")]
    errors = [{"detail": str(message), "code": message.code, kind: place} for kind, place, _, message in places]
    sentences = [f"{name}: {message}" if name else str(message) for _, _, name, message in places]
    detail = " ".join(sentences[:SHOWN_IN_DETAIL])
    if len(sentences) > SHOWN_IN_DETAIL:
        detail += f" And {len(sentences) - SHOWN_IN_DETAIL} more."
    return {"detail": detail, "errors": errors}


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answers what views raise. What it does not know becomes a 500 by `server_error`, with a traceback in the log."""
    if isinstance(error, Http404):
        error = NotFound(NOT_FOUND)
    elif isinstance(error, PermissionDenied):
        error = Forbidden()
    if not isinstance(error, APIException):
        return None
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if seconds := getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(seconds))
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    body = validation_body(error) if isinstance(error, ValidationError) else {"detail": error.detail}
    set_rollback()
    return Response(body, status=error.status_code, headers=headers, content_type=CONTENT_TYPE)


def problem(status_code: int, detail: str) -> JsonResponse:
    """The same answer for what fails outside of any view of the API."""
    return JsonResponse({"detail": detail}, status=status_code, content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_400_BAD_REQUEST, "Bad request")


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_403_FORBIDDEN, "You do not have permission to perform this action.")


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_404_NOT_FOUND, NOT_FOUND)


def server_error(request: HttpRequest) -> JsonResponse:
    return problem(status.HTTP_500_INTERNAL_SERVER_ERROR, "Internal server error")
