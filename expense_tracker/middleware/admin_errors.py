import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework.status import is_client_error, is_server_error

from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.error_pages import error_page


class AdminErrorMiddleware:
    """Make pages of what Django's handlers and `ProblemMiddleware` answer in JSON under /admin/, and of empty ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        failed = is_client_error(response.status_code) or is_server_error(response.status_code)
        if not (failed and request.path_info.startswith(self.admin)):
            return response
        is_problem = response.get("Content-Type") == CONTENT_TYPE
        if response.streaming or (response.content and not is_problem):
            return response
        detail = json.loads(response.content)["detail"] if is_problem else ""
        seconds = response.get("Retry-After")
        page = error_page(request, response.status_code, detail, int(seconds) if seconds else None)
        for name in ("Retry-After", "Allow"):
            if name in response:
                page[name] = response[name]
        return page
