"""The one error shape, RFC 9457 with its optional members left out and `code`, a stable word for programs:
`{"detail": "User already exists", "code": "user_exists"}`. `docs/codes.py` says what each code means.

A validation error adds `errors`, a list of `{"detail", "code", "pointer"}` for members of the body (a JSON pointer,
RFC 6901, as a URI fragment) or `{"detail", "code", "parameter"}` for query parameters."""

from collections.abc import Callable, Iterable, Iterator
from math import ceil
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import is_valid_path
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from expense_tracker.api.parsers import ContentTooLarge
from expense_tracker.db.availability import outage
from expense_tracker.db.errors import is_unavailable
from expense_tracker.exceptions import (
    Busy,
    Conflict,
    DomainError,
    Gone,
    InvalidInput,
    LimitReached,
    Missing,
    NotAuthenticated,
    NotPermitted,
    NotSupported,
    Stale,
    Unprocessable,
)
from expense_tracker.monitoring.metrics import LIMITS_HIT, count

CONTENT_TYPE = "application/problem+json"
SHOWN_IN_DETAIL = 3
STATUS_CODES = {
    InvalidInput: status.HTTP_400_BAD_REQUEST,
    NotAuthenticated: status.HTTP_401_UNAUTHORIZED,
    NotPermitted: status.HTTP_403_FORBIDDEN,
    Missing: status.HTTP_404_NOT_FOUND,
    Conflict: status.HTTP_409_CONFLICT,
    Gone: status.HTTP_410_GONE,
    Stale: status.HTTP_412_PRECONDITION_FAILED,
    Unprocessable: status.HTTP_422_UNPROCESSABLE_ENTITY,
    LimitReached: status.HTTP_429_TOO_MANY_REQUESTS,
    NotSupported: status.HTTP_501_NOT_IMPLEMENTED,
    Busy: status.HTTP_503_SERVICE_UNAVAILABLE,
}


class DatabaseUnavailable(Busy):
    detail = "The service is not available at the moment. Try again in a moment."
    code = "unavailable"


class InvalidParameters(exceptions.ValidationError):
    """Query parameters that are unknown, repeated or malformed: lists of messages by parameter."""

    def __init__(self, messages: dict[str, Any]) -> None:
        super().__init__(messages)


def pointer_to(path: Iterable[str | int]) -> str:
    """Return the JSON pointer to a member, as a URI fragment."""
    steps = (quote(str(name).replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@") for name in path)
    return "/".join(("#", *steps))


def is_about_all(name: Any, messages: Any) -> bool:
    """Return whether DRF means the object as a whole, and not a member that a client called so."""
    return name == api_settings.NON_FIELD_ERRORS_KEY and not any(
        isinstance(message, exceptions.ErrorDetail) and message.code == "unknown" for message in messages
    )


def flatten(messages: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], exceptions.ErrorDetail]]:
    """Yield DRF's nested messages as pairs of the path to a member and one message."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from flatten(inner, path if is_about_all(name, inner) else (*path, str(name)))
    elif isinstance(messages, list):
        for index, inner in enumerate(messages):
            yield from flatten(inner, path if isinstance(inner, str) else (*path, str(index)))
    else:
        yield path, messages


def validation_body(error: exceptions.ValidationError) -> dict[str, Any]:
    errors, sentences = [], []
    for path, message in flatten(error.detail):
        place = {"parameter": path[0]} if isinstance(error, InvalidParameters) else {"pointer": pointer_to(path)}
        errors.append({"detail": str(message), "code": message.code, **place})
        sentences.append(f"{'/'.join(path)}: {message}" if path else str(message))
    detail = " ".join(sentences[:SHOWN_IN_DETAIL])
    if len(sentences) > SHOWN_IN_DETAIL:
        detail += f" And {len(sentences) - SHOWN_IN_DETAIL} more."
    return {"detail": detail, "code": "invalid", "errors": errors}


def domain_body(error: DomainError) -> dict[str, Any]:
    body: dict[str, Any] = {"detail": error.detail, "code": error.code, **error.extensions}
    if error.faults:
        body["errors"] = [
            {"detail": fault.error.detail, "code": fault.error.code, "pointer": pointer_to(fault.path)}
            for fault in error.faults
        ]
    return body


def status_code_of(error: DomainError) -> int:
    kind = error.kind or type(error)
    return next(code for base, code in STATUS_CODES.items() if issubclass(kind, base))


# What is raised elsewhere, and the domain exception or DRF exception that stands for it.
TRANSLATIONS: dict[type[Exception], Callable[[Any], Exception]] = {
    Http404: lambda _: Missing(),
    exceptions.NotFound: lambda _: Missing(),
    exceptions.NotAuthenticated: lambda _: NotAuthenticated(),
    exceptions.Throttled: lambda error: LimitReached(ceil(error.wait or 1)),
    PermissionDenied: lambda _: exceptions.PermissionDenied(),
    RequestDataTooBig: lambda _: ContentTooLarge(),
}


def translate(error: Exception) -> Exception:
    """Return the exception that stands for the error, or the error itself."""
    if is_unavailable(error):
        outage.note(error)
        return DatabaseUnavailable()
    return next((stand_in(error) for kind, stand_in in TRANSLATIONS.items() if isinstance(error, kind)), error)


def describe(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    """Return status code, body and headers for an error that clients can act on, or None for any other."""
    headers = {}
    if isinstance(error, DomainError):
        status_code, body, seconds = status_code_of(error), domain_body(error), error.retry_after
        if error.location is not None:
            headers["Location"] = error.location
    elif isinstance(error, exceptions.ValidationError):
        status_code, body, seconds = error.status_code, validation_body(error), None
    elif isinstance(error, exceptions.APIException):
        body, seconds = {"detail": error.detail, "code": error.get_codes()}, getattr(error, "wait", None)
        status_code = error.status_code
    else:
        return None
    if seconds is not None:
        headers["Retry-After"] = str(ceil(seconds))
    if status_code == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return status_code, body, headers


def count_limit(error: Exception) -> None:
    """Count an answer that a limit is the reason of."""
    if isinstance(error, (LimitReached, Busy)) and error.limit:
        count(LIMITS_HIT, error.limit)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what views raise. Anything unknown becomes a 500 by `server_error`, with a traceback in the log."""
    error = translate(error)
    count_limit(error)
    described = describe(error)
    if described is None:
        return None
    status_code, body, headers = described
    if status_code == status.HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = context["view"].get_authenticate_header(context["request"]) or "Bearer"
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    set_rollback()
    return Response(body, status=status_code, headers=headers, content_type=CONTENT_TYPE)


def problem(status_code: int, detail: str, code: str) -> JsonResponse:
    """Return the same answer for what fails outside any view of the API."""
    return JsonResponse({"detail": detail, "code": code}, status=status_code, content_type=CONTENT_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_400_BAD_REQUEST, "Bad request", "bad_request")


def permission_denied(request: HttpRequest, exception: Exception) -> JsonResponse:
    return problem(status.HTTP_403_FORBIDDEN, "You do not have permission to perform this action.", "permission_denied")


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    detail = Missing.detail
    if request.path_info.endswith("/") and is_valid_path(path := request.path_info.rstrip("/")):
        detail = f"There is no such path. Did you mean {path} (no slash at the end)?"
    return problem(status.HTTP_404_NOT_FOUND, detail, Missing.code)


def server_error(request: HttpRequest) -> JsonResponse:
    return problem(status.HTTP_500_INTERNAL_SERVER_ERROR, "Internal server error", "internal_error")
