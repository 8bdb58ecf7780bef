"""Scoping of viewsets by owner."""

from typing import Any

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.viewsets import StrictViewSet


class OwnedViewSet(StrictViewSet):
    """A viewset of what the user owns: the one place that scopes what is read."""

    request: AuthenticatedRequest

    def get_queryset(self) -> Any:
        return super().get_queryset().owned_by(self.request.user)  # type: ignore[attr-defined]  # of our querysets
