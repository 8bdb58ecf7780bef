"""The permission that limits tokens by scope."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.models import Session


class TokenScope(BasePermission):
    """Limit personal access tokens with the scope `read` to safe methods (RFC 9110, section 9.2.1)."""

    message = "This token can only read."
    code = "read_only_token"

    def has_permission(self, request: Any, view: Any) -> bool:
        if request.method in SAFE_METHODS or request.auth.scope == Session.Scope.WRITE:
            return True
        view.check_throttles(request)  # which otherwise counts only what is permitted
        return False
