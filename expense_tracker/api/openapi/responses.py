"""Bodies that several operations answer: a message, and a problem."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import exceptions, serializers

from accounts.exceptions import InvalidToken
from accounts.permissions import TokenScope
from expense_tracker.api.errors import DatabaseUnavailable, describe, translate
from expense_tracker.api.parsers import ContentTooLarge
from expense_tracker.exceptions import Missing


class MessageSerializer(serializers.Serializer[Any]):
    """What was done."""

    message = serializers.CharField(help_text="What was done, for people.")


class InvalidValueSerializer(serializers.Serializer[Any]):
    """A member of the body or a query parameter that is wrong."""

    detail = serializers.CharField(help_text="What is wrong with the value, for people.")
    code = serializers.CharField(help_text="What is wrong with the value, for programs; the list is under Errors.")
    pointer = serializers.CharField(
        required=False, help_text="JSON pointer (RFC 6901) to a member of the body: `#/create/3/amount`."
    )
    parameter = serializers.CharField(required=False, help_text="Name of a query parameter.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Why a request was refused (RFC 9457)."""

    detail = serializers.CharField(help_text="What went wrong, for people. The words may change.")
    code = serializers.CharField(help_text="What went wrong, for programs; the list is under Errors.")
    errors = InvalidValueSerializer(  # type: ignore[assignment]  # a member, not the property
        many=True, required=False, help_text="What exactly, where members or parameters are wrong."
    )


def message_response(message: str) -> OpenApiResponse:
    """Return a body that says what was done: `{"message": "Expense deleted successfully"}`."""
    return OpenApiResponse(MessageSerializer, message, [OpenApiExample(message, {"message": message})])


def problem_response(description: str, *errors: Exception, serializer: Any = ProblemSerializer) -> OpenApiResponse:
    """Return an error response with what is answered to each of the exceptions as examples."""
    examples = []
    for error in errors:
        described = describe(translate(error))
        assert described is not None, error  # noqa: S101  # it would be a 500
        _, body, _ = described
        examples.append(OpenApiExample(str(body["detail"]), body))
    return OpenApiResponse(serializer, description, examples)


def validation_response(place: dict[str, str]) -> OpenApiResponse:
    """Return a 400 that names a member of the body or a query parameter of the operation."""
    if "pointer" in place:
        message, code = "This field is required.", "required"
    else:
        message, code = "This parameter can be given only once.", "repeated"
    [where] = place.values()
    body = {
        "detail": f"{where.removeprefix('#/')}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, **place}],
    }
    return OpenApiResponse(ProblemSerializer, "The request is not valid.", [OpenApiExample(message, body)])


def too_large_response(limit: int) -> OpenApiResponse:
    """Return a 413 that names the limit in bytes."""
    error = ContentTooLarge(f"The request body is larger than {limit} bytes.")
    return problem_response(f"The body is larger than {limit:,} bytes.", error)


UNAUTHENTICATED = problem_response(
    "The access token is missing, or not valid (any more).", exceptions.NotAuthenticated(), InvalidToken()
)
READ_ONLY = problem_response(
    "The token's scope does not allow it.", exceptions.PermissionDenied(TokenScope.message, TokenScope.code)
)
NOT_FOUND = problem_response("There is no such thing of yours.", Missing())
LENGTH_REQUIRED = OpenApiResponse(
    ProblemSerializer,
    "The body was sent without its length.",
    [
        OpenApiExample(
            "Without a length",
            {"detail": "Send the body with a Content-Length.", "code": "length_required"},
        )
    ],
)
THROTTLED = problem_response("Too many requests.", exceptions.Throttled(42))
UNAVAILABLE = problem_response("Busy.", DatabaseUnavailable())


def unsupported_response(media_type: str) -> OpenApiResponse:
    """Return a 415 that names the media type to send."""
    error = exceptions.UnsupportedMediaType(
        "text/plain", f'Unsupported media type "text/plain" in request. Send {media_type}.'
    )
    return problem_response("The body is of another type.", error)
