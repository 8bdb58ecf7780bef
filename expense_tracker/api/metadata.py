"""The response to OPTIONS."""

from typing import Any

from rest_framework.metadata import SimpleMetadata
from rest_framework.request import Request


class Metadata(SimpleMetadata):
    """DRF's own, which takes each PUT for one of a single row."""

    def determine_actions(self, request: Request, view: Any) -> Any:
        is_collection = view.lookup_field not in view.kwargs
        if is_collection and "PUT" in view.allowed_methods:
            return {}
        return super().determine_actions(request, view)
