"""The Content-Security-Policy of every answer (CSP level 3)."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest

# The documentation and the admin load everything from here. Redoc styles its page by script and searches in a worker.
PAGES = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "worker-src": ["blob:"],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
# Data is no page: a browser that shows it loads nothing.
DATA = {"default-src": [NONE], "frame-ancestors": [NONE]}


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    def get_policy_parts(self, request: HttpRequest, response: Any, report_only: bool = False) -> PolicyParts:
        if report_only:
            return PolicyParts()
        is_page = response.get("Content-Type", "").startswith("text/html")
        return PolicyParts(config=PAGES if is_page else DATA)
