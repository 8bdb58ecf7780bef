"""The one JSON parser, as every endpoint uses it, and the form that login takes besides."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

PATH = "/api/expenses"
LUNCH = b'{"amount": 2500, "category": "Caf\xc3\xa9"}'
LIMIT = 64 * 1024
FORM = "application/x-www-form-urlencoded"


def send(client: APIClient, body: bytes, content_type: str = "application/json", path: str = PATH) -> Any:
    return client.generic("POST", path, body, content_type)  # type: ignore[arg-type]  # bytes are fine


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json; charset=utf8",
        "application/json; indent=4",
    ],
)
def test_json_in_utf_8_is_accepted(alice: APIClient, content_type: str) -> None:
    response = send(alice, LUNCH, content_type)

    assert response.status_code == 201
    assert response.json()["category"] == "Café"


@pytest.mark.parametrize(
    "charset", ["utf-16", "latin-1", "ascii", "utf-7", "punycode", "idna", "hex", "x-unknown", "\xe9"]
)
def test_another_charset_is_refused(alice: APIClient, charset: str) -> None:
    response = send(alice, LUNCH, f"application/json; charset={charset}")

    assert response.status_code == 415
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"detail": f"The body must be UTF-8, not {charset!r}.", "code": "unsupported_media_type"}


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/json", "application/xml", FORM, "multipart/form-data; boundary=x", "x", ""]
)
def test_another_media_type_is_refused(alice: APIClient, content_type: str) -> None:
    response = send(alice, LUNCH, content_type)

    assert response.status_code == 415
    detail = f'Unsupported media type "{content_type}" in request. Send application/json.'
    assert response.json() == {"detail": detail, "code": "unsupported_media_type"}


def test_body_limit_is_64_kib(alice: APIClient) -> None:
    largest = LUNCH.ljust(LIMIT)

    assert send(alice, largest).status_code == 201
    response = send(alice, largest + b" ")
    assert response.status_code == 413
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {"detail": "The request body is larger than 65536 bytes.", "code": "content_too_large"}


@pytest.mark.parametrize("size", [LIMIT * 50, 3 * 1024 * 1024])
def test_body_far_above_the_limit_is_refused_too(alice: APIClient, size: int) -> None:
    response = send(alice, b" " * size)

    assert response.status_code == 413
    assert response.json() == {"detail": "The request body is larger than 65536 bytes.", "code": "content_too_large"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"amount": 1,', id="not ended"),
        pytest.param(b"{'amount': 1}", id="wrong quotes"),
        pytest.param(b'{"amount": 1} x', id="something after it"),
        pytest.param(b'{"amount": 1,}', id="trailing comma"),
        pytest.param(b'{"amount": 1 /* one */}', id="comment"),
        pytest.param(b" ", id="white space only"),
        pytest.param(b'{"amount": NaN}', id="NaN"),
        pytest.param(b'{"amount": -Infinity}', id="infinity"),
        pytest.param(b'{"amount": 1e999}', id="more than a float holds"),
        pytest.param(b'{"amount": 0x10}', id="hexadecimal"),
        pytest.param(b'{"amount": 01}', id="leading zero"),
        pytest.param(b'{"category": "\\ud800"}', id="lone surrogate"),
        pytest.param(b'{"category": "\\udc00\\ud800"}', id="surrogates the wrong way round"),
        pytest.param(b'{"\\ud800": 1}', id="lone surrogate in a name"),
        pytest.param(b'{"category": "\xed\xa0\x80"}', id="encoded surrogate"),
        pytest.param(b'{"category": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"category": "\xc0\xaf"}', id="overlong UTF-8"),
        pytest.param(b'{"category": "a\nb"}', id="bare control"),
        pytest.param(b"\xef\xbb\xbf" + LUNCH, id="byte order mark"),
        pytest.param(LUNCH.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(b"\x00", id="NUL"),
        pytest.param(b"[" * 60_000, id="deep array, not ended"),
        pytest.param(b"[" * 30_000 + b"]" * 30_000, id="deep array"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, id="deep object"),
    ],
)
def test_invalid_json_is_refused(alice: APIClient, body: bytes) -> None:
    response = send(alice, body)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json().keys() == {"detail", "code"}
    assert response.json()["detail"].startswith("The body is not valid JSON: ")


BEYOND = ["18446744073709551616", "-9223372036854775809", "9" * 400, "9" * 5000]


@pytest.mark.parametrize("number", [*BEYOND, "1e30", "9007199254740992.0", "-0", "-1.0", "1.5", "1e-1"])
def test_amount_that_is_not_an_integer_is_refused(alice: APIClient, number: str) -> None:
    response = send(alice, b'{"amount": %s, "category": "Food"}' % number.encode())

    assert response.status_code == 400


@pytest.mark.parametrize("depth", [1, 100, 1000])
def test_nested_value_in_a_text_field_is_refused(alice: APIClient, depth: int) -> None:
    response = send(alice, b'{"amount": 1, "category": %s1%s}' % (b"[" * depth, b"]" * depth))

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"[]", "invalid", "Invalid data. Expected a dictionary, but got list."),
        (b'[{"amount": 1, "category": "Food"}]', "invalid", "Invalid data. Expected a dictionary, but got list."),
        (b'"amount"', "invalid", "Invalid data. Expected a dictionary, but got str."),
        (b"1", "invalid", "Invalid data. Expected a dictionary, but got int."),
        (b"false", "invalid", "Invalid data. Expected a dictionary, but got bool."),
        (b"null", "null", "This field may not be null."),
    ],
)
def test_body_that_is_no_object_is_refused(alice: APIClient, body: bytes, code: str, message: str) -> None:
    response = send(alice, body)

    assert response.status_code == 400
    assert response.json() == {
        "detail": message,
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": "#"}],
    }


def test_empty_body_is_an_empty_object(alice: APIClient) -> None:
    response = send(alice, b"")

    message = "This field is required."
    assert response.status_code == 400
    assert response.json() == {
        "detail": f"amount: {message} category: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": "required", "pointer": f"#/{name}"} for name in ("amount", "category")],
    }


def test_last_value_of_a_repeated_name_wins(alice: APIClient) -> None:
    assert send(alice, b'{"amount": 1, "category": "Food", "amount": 2}').json()["amount"] == 2


@pytest.mark.parametrize("charset", ["utf-16", "punycode", "idna", "hex", "base64", "unicode_escape"])
def test_form_in_another_charset_is_refused(api: APIClient, charset: str) -> None:
    response = send(api, b"username=alice&password=x", f"{FORM}; charset={charset}", "/api/login")

    assert response.status_code == 415
    detail = f"The body must be UTF-8, not {charset!r}."
    oauth = {"error": "invalid_request", "error_description": detail}
    assert response.json() == {"detail": detail, "code": "unsupported_media_type", **oauth}


def test_form_limit_is_that_of_json(api: APIClient) -> None:
    response = send(api, b"username=alice&password=".ljust(LIMIT + 1, b"x"), FORM, "/api/login")

    assert response.status_code == 413
    detail = "The request body is larger than 65536 bytes."
    oauth = {"error": "invalid_request", "error_description": detail}
    assert response.json() == {"detail": detail, "code": "content_too_large", **oauth}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"username=alice",
        b"username=%FF%00&password=x",
        b"username=%ED%A0%80&password=",
        b"&".join([b"a=1"] * 1001),
    ],
)
def test_malformed_form_is_refused(api: APIClient, body: bytes) -> None:
    response = send(api, body, FORM, "/api/login")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_login_refuses_multipart(api: APIClient) -> None:
    assert api.post("/api/login", {"username": "alice", "password": "x"}, format="multipart").status_code == 415


def test_unexpected_body_is_ignored(alice: APIClient) -> None:
    assert alice.generic("GET", PATH, json.dumps([1]), "application/json").json() == []
