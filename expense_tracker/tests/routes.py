"""Every route of the project but those of the admin, each with a path that can be called."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# What is open to everybody; all else wants a token.
PUBLIC = {
    "",
    "favicon.ico",
    "healthz",
    "readyz",
    "api/login",
    "api/refresh",
    "api/register",
    "docs",
    "openapi.json",
    "redoc",
}
# What only a server of ASGI answers: the test client gets a 501, expenses/tests/test_live.py asks servers.
STREAMS = {"api/expenses/live"}
ADMIN = "admin/"
# What stands for the parameters of a route.
ARGUMENTS = {"<id:pk>": "1", "<uuid:pk>": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        elif route != ADMIN:
            yield from routes(pattern.url_patterns, route)


def path_of(route: str) -> str:
    """Return the path of a route, with something in the place of each parameter."""
    for parameter, argument in ARGUMENTS.items():
        route = route.replace(parameter, argument)
    return f"/{route}"


ROUTES = dict(routes(get_resolver().url_patterns))


def handled_methods(pattern: URLPattern) -> list[str]:
    """Return the methods that the view of the route looks at: a viewset's and an APIView's are in `cls`, a plain Django
    view's in `view_class`. Those without a handler are answered too, with a 405."""
    callback = pattern.callback
    view = getattr(callback, "cls", None) or callback.view_class  # type: ignore[attr-defined]  # set by View.as_view
    names: list[str] = view.http_method_names
    return names
