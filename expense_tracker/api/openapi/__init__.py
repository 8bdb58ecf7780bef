"""Additions to the OpenAPI document that drf-spectacular cannot derive."""

from expense_tracker.api.openapi import security
from expense_tracker.api.openapi.headers import RequestHeader, response_header
from expense_tracker.api.openapi.responses import ProblemSerializer, message_response, problem_response
from expense_tracker.api.openapi.schema import AutoSchema

__all__ = [
    "AutoSchema",
    "ProblemSerializer",
    "RequestHeader",
    "message_response",
    "problem_response",
    "response_header",
    "security",
]
