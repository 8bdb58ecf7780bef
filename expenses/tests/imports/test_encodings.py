"""POST /api/expenses/import: encodings of text files"""

import pytest
from rest_framework.test import APIClient

from expenses.tests.imports.uploads import HEADER, assert_asked, assert_imported, assert_refused, send, stored

UMLAUTS = "date,amount,category,description\n2026-01-21,25.00,Café,👩‍🚀 ü\n"


@pytest.mark.parametrize(
    "content",
    [
        UMLAUTS.encode("utf-8"),
        UMLAUTS.encode("utf-8-sig"),
        b"\xff\xfe" + UMLAUTS.encode("utf-16-le"),
        b"\xfe\xff" + UMLAUTS.encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16 LE", "UTF-16 BE"],
)
def test_utf_8_and_utf_16_are_detected(alice: APIClient, content: bytes) -> None:
    assert_imported(send(alice, content), (2, "created"))
    assert stored(alice) == [("2026-01-21", 2500, "Café", "👩‍🚀 ü")]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be"])
def test_other_encodings_are_detected_from_the_text(alice: APIClient, encoding: str) -> None:
    content = f"{HEADER}2026-01-21,25.00,Café,Brötchen für später\n".encode(encoding)

    response = send(alice, content)

    assert_imported(response, (2, "created"))
    assert response.json()["read_as"]["encoding"] == encoding
    assert stored(alice) == [("2026-01-21", 2500, "Café", "Brötchen für später")]


def test_encoding_parameter_wins(alice: APIClient) -> None:
    content = f"{HEADER}2026-01-21,25.00,Łódź,\n".encode("cp1250")

    assert_imported(send(alice, content, encoding="windows-1250"), (2, "created"))
    assert stored(alice) == [("2026-01-21", 2500, "Łódź", None)]


@pytest.mark.parametrize(
    ("content", "options", "parameter", "message"),
    [
        (
            HEADER.encode() + b"2026-01-21,1,Caf\xe9,",
            {"encoding": "utf-8"},
            "encoding",
            "The file is not in the encoding utf-8. Name another one.",
        ),
        (b"\xef\xbb\xbfdate,amount,category\n2026-01-21,1,Caf\xe9", {}, None, "The file begins as UTF-8, but is not."),
        (b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x00\xd8x", {}, None, "The file begins as UTF-16, but is not."),
        (b"date,amount\n\xff\x00\x01", {}, None, "The file is no text."),
    ],
    ids=["not what is named", "a mark that lies", "half a surrogate", "no text"],
)
def test_text_that_does_not_match_its_encoding_returns_400(
    alice: APIClient, content: bytes, options: dict[str, str], parameter: str | None, message: str
) -> None:
    response = send(alice, content, partial="true", **options)

    if parameter:
        assert_asked(response, parameter, message)
    else:
        assert_refused(response, 400, {"detail": message, "code": "unreadable_file"})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_is_read_in_the_encodings_of_csv(alice: APIClient, encoding: str) -> None:
    content = '[{"amount": 1, "category": "Café", "date": "2026-01-21"}]'.encode(encoding)

    assert_imported(send(alice, content), (1, "created"))
    assert stored(alice) == [("2026-01-21", 1, "Café", None)]
