"""The one error shape, RFC 9457 with its optional members left out: `{"detail": "User already exists"}`.

A validation error adds `errors`, a list of `{"detail", "code", "pointer"}` for members of the body (a JSON pointer,
RFC 6901, as a URI fragment) or `{"detail", "code", "parameter"}` for query parameters."""

import logging
from collections.abc import Callable, Iterable, Iterator
from math import ceil
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as ValidationFailed
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, MethodNotAllowed, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from expense_tracker.parsers import ContentTooLarge

logger = logging.getLogger(__name__)

LOCK_NOT_AVAILABLE = "55P03"
DATABASE_IS_AWAY = (OperationalError, InterfaceError)
# What Django's admin raises for values that none of its own pages would send: a year off the calendar, an id that is no
# number, a NUL character. It checks its forms, but not its URLs and its selections.
FORGED = (ValueError, OverflowError, ValidationFailed, DataError)
CONTENT_TYPE = "application/problem+json"
NOT_FOUND = "Not found"
SHOWN_IN_DETAIL = 3


class DatabaseUnavailable(APIException):
    status_code = 503
    default_detail = "The service is not available at the moment. Try again in a moment."
    default_code = "unavailable"
    wait = 1


class PointedError(APIException):
    """An error about several members of the body, which are named by their paths: it has `errors` as a ValidationError
    has, but a status of its own."""

    def __init__(self, paths: Iterable[tuple[str, ...]]) -> None:
        super().__init__()
        shared = {"detail": self.detail, "code": self.default_code}
        self.members = {"errors": [shared | {"pointer": pointer_to(path)} for path in paths]}


def has_sqlstate(error: DatabaseError, code: str) -> bool:
    """Whether PostgreSQL gave the error this code."""
    return getattr(error.__cause__, "sqlstate", None) == code


def is_lock_timeout(error: OperationalError) -> bool:
    """Whether a statement gave up because somebody else held a lock for too long."""
    return has_sqlstate(error, LOCK_NOT_AVAILABLE) or "database is locked" in str(error)


class InvalidParameters(ValidationError):
    """Query parameters that are unknown, repeated or malformed: lists of messages by parameter."""

    def __init__(self, messages: dict[str, list[ErrorDetail]]) -> None:
        super().__init__(messages)


def pointer_to(path: tuple[str, ...]) -> str:
    """The JSON pointer to a member, as a URI fragment."""
    steps = (quote(name.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@") for name in path)
    return "/".join(("#", *steps))


def flatten(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], ErrorDetail]]:
    """DRF's nested messages as pairs of the path to a member and one message."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from flatten(inner, path if name == api_settings.NON_FIELD_ERRORS_KEY else (*path, str(name)))
    elif isinstance(messages, list):
        for index, inner in enumerate(messages):
            yield from flatten(inner, path if isinstance(inner, str) else (*path, str(index)))
    else:
        yield path, messages


def validation_body(error: ValidationError) -> dict[str, Any]:
    errors, sentences = [], []
    for path, message in flatten(error.detail):
        place = {"parameter": path[0]} if isinstance(error, InvalidParameters) else {"pointer": pointer_to(path)}
        errors.append({"detail": str(message), "code": message.code, **place})
        sentences.append(f"{'/'.join(path)}: {message}" if path else str(message))
    detail = " ".join(sentences[:SHOWN_IN_DETAIL])
    if len(sentences) > SHOWN_IN_DETAIL:
        detail += f" And {len(sentences) - SHOWN_IN_DETAIL} more."
    return {"detail": detail, "errors": errors}


def headers_of(error: APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if seconds := getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(seconds))
    return headers


def as_api_exception(error: Exception) -> Any:
    """DRF's counterpart of what is raised elsewhere; what has none is left as it is."""
    if isinstance(error, Http404):
        return NotFound(NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, RequestDataTooBig):
        return ContentTooLarge()
    if isinstance(error, DATABASE_IS_AWAY):
        logger.error("The database does not answer.", exc_info=error)
        return DatabaseUnavailable()
    return error


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answers what views raise. What it does not know becomes a 500 by `server_error`, with a traceback in the log."""
    error = as_api_exception(error)
    if not isinstance(error, APIException):
        return None
    headers = headers_of(error)
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    if isinstance(error, ValidationError):
        body = validation_body(error)
    else:
        body = {"detail": error.detail, **getattr(error, "members", {})}
    set_rollback()
    return Response(body, status=error.status_code, headers=headers, content_type=CONTENT_TYPE)


class ProblemMiddleware:
    """Answers what is raised outside of the API's views: the admin's log-ins past a limit and its forged URLs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match and "admin" in match.app_names and isinstance(exception, FORGED):
            logger.warning("The admin cannot read what was sent.", exc_info=exception)
            return bad_request(request, exception)
        # Http404 and PermissionDenied have handlers of Django's own.
        if not isinstance(exception, (APIException, *DATABASE_IS_AWAY)):
            return None
        error = as_api_exception(exception)
        return problem(error.status_code, str(error.detail), headers_of(error))


def problem(status_code: int, detail: str, headers: dict[str, str] | None = None) -> JsonResponse:
    """The same answer for what fails outside of any view of the API."""
    return JsonResponse({"detail": detail}, status=status_code, content_type=CONTENT_TYPE, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_400_BAD_REQUEST, "Bad request")


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_403_FORBIDDEN, "You do not have permission to perform this action.")


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_404_NOT_FOUND, NOT_FOUND)


def server_error(request: HttpRequest) -> JsonResponse:
    return problem(status.HTTP_500_INTERNAL_SERVER_ERROR, "Internal server error")
