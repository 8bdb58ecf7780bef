"""What drf-spectacular cannot see by itself: where the words come from, the login form, the error responses."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.serializers import StrictSerializer


class MessageSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()


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


def message_response(message: str) -> OpenApiResponse:
    """A body that says what was done: `{"message": "Expense deleted successfully"}`."""
    return OpenApiResponse(MessageSerializer, message, [OpenApiExample(message, {"message": message})])


def problem_response(description: str, *details: str) -> OpenApiResponse:
    """An error without `errors`, with a detail for each case."""
    return OpenApiResponse(ProblemSerializer, description, [example(detail) for detail in details])


def validation_response(place: dict[str, str]) -> OpenApiResponse:
    """A 400 that names a member of the body or a query parameter of the operation."""
    if "pointer" in place:
        message, code = "This field is required.", "required"
    else:
        message, code = "This parameter can be given only once.", "repeated"
    [where] = place.values()
    shown = example(f"{where.removeprefix('#/')}: {message}", errors=[{"detail": message, "code": code, **place}])
    return OpenApiResponse(ValidationProblemSerializer, "The request is not valid.", [shown])


ERRORS = {
    "401": problem_response("The credentials are missing or not valid (any more).", "Could not validate credentials"),
    "403": problem_response("The token's scope does not allow it.", "This token can only read."),
    "404": problem_response("There is no such thing of yours.", "Not found"),
    "413": problem_response("The body is too large.", "The request body is larger than 65536 bytes."),
    "415": problem_response("The body is of another type.", 'Unsupported media type "text/plain" in request.'),
    "429": problem_response(
        "Too many requests; `Retry-After` says in how many seconds there will be room.",
        "Request was throttled. Expected available in 42 seconds.",
    ),
    "503": problem_response(
        "Busy; `Retry-After` says in how many seconds to try again.",
        "The service is not available at the moment. Try again in a moment.",
    ),
}


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
Endpoint = tuple[str, str, str, Any]


def order_methods(endpoints: list[Endpoint], **kwargs: Any) -> list[Endpoint]:
    """Return the endpoints in the order of the routes; a viewset has its methods in no order."""
    paths = list(dict.fromkeys(path for path, *_ in endpoints))
    return sorted(endpoints, key=lambda endpoint: (paths.index(endpoint[0]), METHODS.index(endpoint[2])))


class AutoSchema(SpectacularAutoSchema):
    """The first line of a method's docstring is the summary of the operation, the rest its description; the errors
    that follow from what an operation takes are added to its responses."""

    def get_summary(self) -> str:
        return str(super().get_description()).partition("\n")[0]

    def get_description(self) -> str:  # type: ignore[override]  # as spectacular's own
        return str(super().get_description()).partition("\n")[2].strip()

    def get_override_parameters(self) -> list[Any]:
        """Query parameters, as the action declares them."""
        declared = getattr(self.view, "query_serializer_class", None)
        return [*super().get_override_parameters(), *([declared] if declared else [])]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for code, error in self.errors().items():
            if code not in responses:
                responses[code] = self._get_response_for_code(error, code, [CONTENT_TYPE], direction)
        return dict(sorted(responses.items()))

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "response" and isinstance(serializer, StrictSerializer):
            # A member that may be absent from what is sent is there in what is answered.
            schema["required"] = sorted(schema["properties"])
        elif isinstance(serializer, StrictSerializer):
            # Read-only members, which are accepted and ignored, are not in the schema of what is sent.
            schema["additionalProperties"] = any(field.read_only for field in serializer.fields.values())
        return schema

    def errors(self) -> dict[str, OpenApiResponse]:
        codes = []
        body = self.get_request_serializer() if self.method in ("POST", "PUT", "PATCH") else None
        parameters = [each["name"] for each in self._get_parameters() if each["in"] == "query"]
        is_public = self.get_auth() == [{}]
        if not is_public:
            codes.append("401")
            if self.method not in SAFE_METHODS:
                codes.append("403")
        if "{" in self.path:
            codes.append("404")
        if body is not None:
            codes += ["413", "415"]
        errors = {code: ERRORS[code] for code in (*codes, "429", "503")}
        if body is not None:
            errors["400"] = validation_response({"pointer": f"#/{first_member(body)}"})
        elif parameters:
            errors["400"] = validation_response({"parameter": parameters[0]})
        return errors


def first_member(body: Any) -> str:
    """A member to show an error with, of a serializer or of schemas by media type."""
    if isinstance(body, dict):
        [body] = body.values()
    if isinstance(body, dict):
        return str(body["required"][0])
    fields: dict[str, Any] = force_instance(body).fields
    return next(name for name, field in fields.items() if not field.read_only)


class BearerScheme(OpenApiAuthenticationExtension):
    """OAuth 2's password flow, so that the Authorize button of `/docs` logs in with a user name and a password."""

    target_class = "accounts.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "oauth2", "flows": {"password": {"tokenUrl": "/api/login", "scopes": {}}}}
