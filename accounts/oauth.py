"""Token endpoints for OAuth 2 clients (RFC 6749): they send forms and look for `error` in the response."""

import re
from typing import Any

from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.exceptions import UnsupportedGrantType
from expense_tracker.api.parsers import FormParser, StrictJSONParser

# What must not stand in `error_description` (section 5.2).
NOT_DESCRIPTIVE = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


def is_form(request: Request) -> bool:
    media_type, _, _ = (request.content_type or "").partition(";")
    return media_type.strip().lower() == FormParser.media_type


def error_code(error: Exception, status_code: int) -> str:
    """Return the value of `error` (section 5.2) for a refused request.

    That a client should try again later has no code of its own there; section 4.1.2.1 has one."""
    if isinstance(error, UnsupportedGrantType):
        return "unsupported_grant_type"
    if status_code == status.HTTP_401_UNAUTHORIZED:
        return "invalid_grant"
    if status_code in (status.HTTP_429_TOO_MANY_REQUESTS, status.HTTP_503_SERVICE_UNAVAILABLE):
        return "temporarily_unavailable"
    return "invalid_request"


class TokenEndpoint(APIView):
    """A public view that takes JSON or a form, and adds `error` and `error_description` to the errors of forms."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJSONParser, FormParser)
    # The grant types that a form may ask for; the first one is the default.
    grant_types: tuple[str, ...] = ()

    def grant_type(self) -> str:
        """Return the form's grant type; JSON names none. Raise UnsupportedGrantType."""
        form: Any = self.request.data if is_form(self.request) else {}
        grant_type: str = form.get("grant_type") or self.grant_types[0]
        if grant_type not in self.grant_types:
            raise UnsupportedGrantType(f"Unsupported grant_type. Supported: {', '.join(self.grant_types)}.")
        return grant_type

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if is_form(self.request):
            description = NOT_DESCRIPTIVE.sub("'", str(response.data["detail"]))
            response.data |= {"error": error_code(exc, response.status_code), "error_description": description}
        return response
