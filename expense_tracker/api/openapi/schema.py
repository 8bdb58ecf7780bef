"""The schema of an operation: where its words come from, and the errors that follow from what it takes."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularAutoSchema
from drf_spectacular.plumbing import force_instance
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.permissions import SAFE_METHODS

from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import responses as shared
from expense_tracker.api.openapi.headers import AUTHENTICATE, IF_NONE_MATCH, RATE_LIMITS, RETRY_AFTER, RequestHeader
from expense_tracker.api.parsers import MAX_BODY_BYTES
from expense_tracker.api.serializers import StrictSerializer


class AutoSchema(SpectacularAutoSchema):
    """The first line of a method's docstring is the summary of the operation, the rest its description; the errors
    that follow from what an operation takes are added to its responses."""

    def get_summary(self) -> str:
        return str(super().get_description()).partition("\n")[0]

    def get_description(self) -> str:  # type: ignore[override]  # as spectacular's own
        return str(super().get_description()).partition("\n")[2].strip()

    def get_override_parameters(self) -> list[Any]:
        """Return what the action declares: its query parameters, and what its decorators say of headers."""
        query = getattr(self.view, "query_serializer_class", None)
        action = getattr(self.view, getattr(self.view, "action", None) or "", None)
        declared = [*super().get_override_parameters(), *getattr(action, "headers", []), RETRY_AFTER, AUTHENTICATE]
        if self.get_auth() != [{}]:
            declared += RATE_LIMITS
        return [*declared, query] if query else declared

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation: Any = super().get_operation(*args, **kwargs)
        if operation and operation["security"] == [{}]:
            # That no credentials are needed: generators take `[{}]` for credentials that are.
            operation["security"] = []
        return operation

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}List"

    def is_conditional(self) -> bool:
        """Return whether there is a tag to ask with whether anything has changed."""
        declared = self.get_override_parameters()
        return self.method == "GET" and any(getattr(each, "name", None) == "ETag" for each in declared)

    def _process_override_parameters(self, direction: Any = "request") -> Any:
        parameters = super()._process_override_parameters(direction)
        if self.is_conditional():
            header = {"in": "header", "schema": IF_NONE_MATCH.type, "description": IF_NONE_MATCH.description}
            parameters[IF_NONE_MATCH.name, OpenApiParameter.HEADER] = {"name": IF_NONE_MATCH.name, **header}
        return parameters

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            model = self.view.queryset.model  # type: ignore[attr-defined]  # paths with ids are those of viewsets
            parameter["description"] = f"The id of the {model._meta.verbose_name}."
        return parameters

    def _get_request_body(self, direction: Any = "request") -> Any:
        body = super()._get_request_body(direction)
        if body and any("required" in each["schema"] for each in body["content"].values()):
            body["required"] = True
        return body

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for code, error in self.errors():
            response = self._get_response_for_code(error, code, [CONTENT_TYPE], direction)
            responses[code] = merged(responses[code], response) if code in responses else response
        for code, response in responses.items():
            response["description"] = response["description"] or HTTPStatus(int(code)).phrase
        if self.is_conditional():
            responses["304"] = {"description": "It has not changed."}
        return dict(sorted(responses.items()))

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "response" and isinstance(serializer, StrictSerializer):
            # A member that may be absent from what is sent is there in what is answered.
            schema["required"] = sorted(schema["properties"])
        elif isinstance(serializer, StrictSerializer):
            # Read-only members of an answer, which are accepted and ignored, are not in what is sent.
            schema["additionalProperties"] = False
        return schema

    def errors(self) -> Iterator[tuple[str, OpenApiResponse]]:
        """Yield status and response of each error that follows from what the operation takes."""
        body = self.get_request_serializer() if self.method in ("POST", "PUT", "PATCH") else None
        query = [each["name"] for each in self._get_parameters() if each["in"] == "query"]
        if body is not None:
            yield "400", shared.validation_response({"pointer": f"#/{first_member(body)}"})
        elif query:
            yield "400", shared.validation_response({"parameter": query[0]})
        if self.get_auth() != [{}]:
            yield "401", shared.UNAUTHENTICATED
            if self.method not in SAFE_METHODS:
                yield "403", shared.READ_ONLY
        if "{" in self.path:
            yield "404", shared.NOT_FOUND
        if body is not None:
            yield "411", shared.LENGTH_REQUIRED
            yield "413", shared.too_large_response(getattr(self.view, "max_body_bytes", MAX_BODY_BYTES))
            yield "415", shared.unsupported_response(self.map_parsers()[0])
        for header in self.get_override_parameters():
            if isinstance(header, RequestHeader):
                yield from header.errors.items()
        yield "429", shared.THROTTLED
        yield "503", shared.UNAVAILABLE


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the first response with the description and the examples of the second one too."""
    [(media_type, content)] = first["content"].items()
    [more] = second["content"].values()
    examples = content.get("examples", {}) | more.get("examples", {})
    descriptions = dict.fromkeys((first["description"], second["description"]))
    return {
        **first,
        "description": " ".join(descriptions),
        "content": {media_type: {**content, "examples": examples}},
    }


def first_member(body: Any) -> str:
    """Return a member to show an error with, of a serializer or of schemas by media type."""
    if isinstance(body, dict):
        [body] = body.values()
    if isinstance(body, dict):
        return str(body["required"][0])
    fields: dict[str, Any] = force_instance(body).fields
    return next(name for name, field in fields.items() if not field.read_only)
