"""The security schemes of the document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

# Stands for the origin of whoever asks, which is put in its place where the document is served.
ORIGIN = "https://expenses.example"


class BearerScheme(OpenApiAuthenticationExtension):
    """A token that is pasted, or OAuth 2's password flow, with which the Authorize button of `/docs` logs in."""

    target_class = "accounts.authentication.BearerAuthentication"
    name = ["bearer", "password"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        """Return that any one of them is enough."""
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        flow = {"tokenUrl": f"{ORIGIN}/api/login", "refreshUrl": f"{ORIGIN}/api/refresh", "scopes": {}}
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "An access token of `POST /api/login`, or a personal access token of "
                "`POST /api/sessions`.",
            },
            {
                "type": "oauth2",
                "description": "Your user name and password; a client id and a client secret are not needed.",
                "flows": {"password": flow},
            },
        ]
