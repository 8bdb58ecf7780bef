"""What a request must keep to, whatever it is about. Where the test client tidies up, test_servers.py asks a server."""

import pytest
from rest_framework.test import APIClient

from accounts.models import RevisionCounter
from expense_tracker.tests.contract import DOCUMENT, methods_of
from expense_tracker.tests.routes import ROUTES, path_of

PROBLEM = "application/problem+json"
# Those of RFC 9110 and RFC 5789, one to come, one of a teapot (RFC 2324) and one of nobody.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "QUERY", "BREW", "MADE-UP")
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
TYPES = (
    "application/json",
    FORM,
    MULTIPART,
    "text/plain",
    "application/xml",
    "application/octet-stream",
    "application/problem+json",
    "json",
    "/",
    "\xff",
    "",
)


# OAuth 2 clients send forms; the document has JSON alone, as generators make one function of each type.
TAKES_FORMS = {"/api/login", "/api/refresh"}
WITH_BODY = [
    pytest.param(method.upper(), path, set(operation["requestBody"]["content"]), id=f"{method.upper()} {path}")
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if "requestBody" in operation
]


def as_parameters(count: int) -> str:
    return "&".join(f"p{number}=1" for number in range(count))


def as_multipart(count: int) -> str:
    part = '--x\r\nContent-Disposition: form-data; name="p{}"\r\n\r\n1\r\n'
    return "".join(part.format(number) for number in range(count)) + "--x--\r\n"


@pytest.mark.parametrize("route", ROUTES)
def test_unsupported_method_returns_405_with_allow(alice: APIClient, route: str) -> None:
    allowed = methods_of(route)

    for method in set(METHODS) - allowed:
        response = alice.generic(method, path_of(route))

        assert response.status_code == 405, method
        assert response["Content-Type"] == PROBLEM
        assert response.json() == {"detail": f'Method "{method}" not allowed.', "code": "method_not_allowed"}
        assert set(response["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("route", [route for route in ROUTES if route])
def test_trailing_slash_returns_404(alice: APIClient, route: str) -> None:
    for method in (*METHODS, "OPTIONS"):
        response = alice.generic(method, f"{path_of(route)}/")

        assert response.status_code == 404, method
        assert response["Content-Type"] == PROBLEM
        detail = f"There is no such path. Did you mean {path_of(route)} (no slash at the end)?"
        assert response.json() == {"detail": detail, "code": "not_found"}


@pytest.mark.parametrize(("method", "path", "content_types"), WITH_BODY)
def test_undocumented_content_type_returns_415(
    alice: APIClient, method: str, path: str, content_types: set[str]
) -> None:
    before = list(RevisionCounter.objects.values())

    for content_type in TYPES:
        if content_type.partition(";")[0] in content_types or (content_type == FORM and path in TAKES_FORMS):
            continue
        response = alice.generic(method, path.replace("{id}", "1"), "username=alice", content_type=content_type)

        assert response.status_code == 415, content_type
        assert response["Content-Type"] == PROBLEM
        assert response.json()["code"] == "unsupported_media_type"
        sent, _, advice = response.json()["detail"].partition(" in request. Send ")
        assert sent == f'Unsupported media type "{content_type}"'
        assert set(advice.removesuffix(".").split(" or ")) == content_types | ({FORM} if path in TAKES_FORMS else set())
    assert list(RevisionCounter.objects.values()) == before


def test_only_import_documents_another_type_than_json() -> None:
    paths = {param.values[1]: param.values[2] for param in WITH_BODY}

    def taking(content_type: str) -> set[object]:
        return {path for path, types in paths.items() if isinstance(types, set) and content_type in types}

    assert taking(FORM) == set()
    assert taking("multipart/form-data") == {"/api/expenses/import"}
    assert taking("application/json") == paths.keys() - {"/api/expenses/import"}


@pytest.mark.parametrize(("method", "path", "content_types"), WITH_BODY)
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "gzip, identity", "x", ""])
def test_content_encoding_returns_415(
    alice: APIClient, method: str, path: str, content_types: set[str], encoding: str
) -> None:
    response = alice.generic(
        method,
        path.replace("{id}", "1"),
        '{"amount": 1, "category": "Food"}',
        content_type=min(content_types),
        HTTP_CONTENT_ENCODING=encoding,
    )

    assert response.status_code == 415
    assert response["Content-Type"] == PROBLEM
    assert response.json() == {"detail": "Send the body without a Content-Encoding.", "code": "unsupported_media_type"}


@pytest.mark.parametrize("encoding", ["identity", "Identity", "IDENTITY"])
def test_identity_content_encoding_is_accepted(alice: APIClient, encoding: str) -> None:
    response = alice.post("/api/expenses", {"amount": 1, "category": "Food"}, HTTP_CONTENT_ENCODING=encoding)

    assert response.status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "content_type"),
    [
        ("GET", "/api/expenses", None),
        ("GET", "/api/expenses/changes", None),
        ("GET", "/api/expenses/export", None),
        ("GET", "/api/expenses/summary", None),
        ("GET", "/api/categories", None),
        ("GET", "/api/budgets", None),
        ("POST", "/api/expenses/import", None),
        ("POST", "/api/login", FORM),
        ("POST", "/api/refresh", FORM),
        ("POST", "/api/expenses/import", MULTIPART),
    ],
)
def test_more_than_1000_parameters_return_400(
    alice: APIClient, method: str, path: str, content_type: str | None
) -> None:
    query = "" if content_type else f"?{as_parameters(1001)}"
    body = {None: "", FORM: as_parameters(1001), MULTIPART: as_multipart(1001)}[content_type]

    response = alice.generic(method, path + query, body, content_type=content_type or MULTIPART)

    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert response.json().keys() - {"error", "error_description"} == {"detail", "code"}


def test_1000_parameters_are_validated(alice: APIClient) -> None:
    response = alice.get(f"/api/expenses?{as_parameters(1000)}")

    assert response.status_code == 400
    assert len(response.json()["errors"]) == 1000
