"""What drf-spectacular cannot see by itself: where the words come from, the login form, the error responses."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from expense_tracker.errors import CONTENT_TYPE


class ProblemSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField(help_text="What went wrong, for people.")


class InvalidValueSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField(help_text="What is wrong with the value, for people.")
    code = serializers.CharField(help_text="What is wrong with the value, for programs.")
    pointer = serializers.CharField(required=False, help_text="JSON pointer (RFC 6901) to a member of the body.")
    parameter = serializers.CharField(required=False, help_text="Name of a query parameter.")


class ValidationProblemSerializer(ProblemSerializer):
    errors = InvalidValueSerializer(many=True, required=False)  # type: ignore[assignment]  # a member, not the property


def example(detail: str, **members: Any) -> OpenApiExample:
    return OpenApiExample(detail, {"detail": detail, **members})


MISSING = "This field is required."
ERRORS = {
    "400": OpenApiResponse(
        ValidationProblemSerializer,
        "The request is not valid.",
        [example(f"amount: {MISSING}", errors=[{"detail": MISSING, "code": "required", "pointer": "#/amount"}])],
    ),
    "401": OpenApiResponse(
        ProblemSerializer,
        "The credentials are missing or not valid (any more).",
        [example("Could not validate credentials")],
    ),
    "404": OpenApiResponse(ProblemSerializer, "There is no such thing of yours.", [example("Not found")]),
    "413": OpenApiResponse(
        ProblemSerializer, "The body is too large.", [example("The request body is larger than 65536 bytes.")]
    ),
    "415": OpenApiResponse(
        ProblemSerializer,
        "The body is of another type.",
        [example('Unsupported media type "text/plain" in request.')],
    ),
}


class AutoSchema(SpectacularAutoSchema):
    """The first line of a method's docstring is the summary of the operation, the rest its description; the errors
    that follow from what an operation takes are added to its responses."""

    def get_summary(self) -> str:
        return str(super().get_description()).partition("\n")[0]

    def get_description(self) -> str:  # type: ignore[override]  # as spectacular's own
        return str(super().get_description()).partition("\n")[2].strip()

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for code in self.error_codes():
            if code not in responses:
                responses[code] = self._get_response_for_code(ERRORS[code], code, [CONTENT_TYPE], direction)
        return dict(sorted(responses.items()))

    def error_codes(self) -> list[str]:
        codes = []
        takes_body = self.get_request_serializer() is not None and self.method in ("POST", "PUT", "PATCH")
        if takes_body or any(parameter["in"] == "query" for parameter in self._get_parameters()):
            codes.append("400")
        if self.get_auth() != [{}] or self.get_operation_id() == "login":
            codes.append("401")
        if "{" in self.path:
            codes.append("404")
        if takes_body:
            codes += ["413", "415"]
        return codes


class BearerScheme(OpenApiAuthenticationExtension):
    """OAuth 2's password flow, so that the Authorize button of `/docs` logs in with a user name and a password."""

    target_class = "accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "oauth2", "flows": {"password": {"tokenUrl": "/api/login", "scopes": {}}}}
