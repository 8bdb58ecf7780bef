"""Rules for every request and response, whatever the view."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from rest_framework import status

from expense_tracker.api.errors import problem
from expense_tracker.environ import REFUSAL


class HTTPRulesMiddleware:
    """Refuses bodies that did not come (408, 413), and those that would otherwise be taken for empty ones: compressed
    (415), and of unknown length (411), which only the bridge from ASGI reads. Answers without an entity tag are not to
    be kept by anybody; what the API answers depends on who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.refusal(request) or self.get_response(request)
        if "ETag" not in response and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        if request.path.startswith("/api/"):
            patch_vary_headers(response, ["Authorization"])
        return response

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        if REFUSAL in request.META:
            return problem(*request.META[REFUSAL])
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return problem(status.HTTP_411_LENGTH_REQUIRED, "Send the body with a Content-Length.", "length_required")
        if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
            detail, code = "Send the body without a Content-Encoding.", "unsupported_media_type"
            return problem(status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, detail, code)
        return None
