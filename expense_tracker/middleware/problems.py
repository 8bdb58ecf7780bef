"""Errors that are raised outside the API's views."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from expense_tracker.api.errors import CONTENT_TYPE, bad_request, count_limit, describe, translate

logger = logging.getLogger(__name__)

# Exceptions that Django's admin lets escape for hand-crafted URLs: a year off the calendar, an id that is no number, a
# NUL character. It checks its forms, but not its URLs and its selections.
BAD_ADMIN_INPUT = (ValueError, OverflowError, ValidationError, DataError)


class ProblemMiddleware:
    """Answer what is raised outside the API's views: the admin's log-ins past a limit and its hand-crafted URLs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match and "admin" in match.app_names and isinstance(exception, BAD_ADMIN_INPUT):
            logger.warning("The admin cannot read what was sent.", exc_info=exception)
            return bad_request(request, exception)
        if isinstance(exception, (Http404, PermissionDenied)):
            return None  # Django has handlers for these
        error = translate(exception)
        count_limit(error)
        described = describe(error)
        if described is None:
            return None
        status_code, body, headers = described
        return JsonResponse(body, status=status_code, content_type=CONTENT_TYPE, headers=headers)
