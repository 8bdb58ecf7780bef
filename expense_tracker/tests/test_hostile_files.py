"""Every hostile value in a file to import: nothing is a 500, takes a second or changes something without saying so."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from expense_tracker.tests.attacker import Attacker
from expense_tracker.tests.hostile_values import JSON, TEXTS

pytestmark = pytest.mark.slow
MARK = "the hostile value"


@pytest.mark.parametrize("partial", ["true", "false"])
@pytest.mark.parametrize("column", ["date", "amount", "category", "description"])
@pytest.mark.parametrize("name", ["csv", "json"])
def test_any_value_in_any_cell_of_an_import_is_handled(
    attacker: Attacker, name: str, column: str, partial: str
) -> None:
    row = {"date": "2026-01-01", "amount": "1", "category": "Food", "description": ""}
    template = json.dumps([row | {"amount": 1, column: MARK}])

    for value in TEXTS if name == "csv" else JSON:
        cells = [value if each == column else text for each, text in row.items()]
        content = template.replace(json.dumps(MARK), value) if name == "json" else f"{','.join(row)}\n{','.join(cells)}"
        upload(attacker, value, content.encode(), f"?partial={partial}")

    assert attacker.complaints == []


@pytest.mark.parametrize("prefix", ["", "date,amount,category\n", "date;amount;category\r\n2026-01-01;"])
def test_any_import_file_is_handled(attacker: Attacker, prefix: str) -> None:
    for value in [*TEXTS, *JSON, '"', '"' * 70_000, "a" * 140_000, "\n" * 1000, "," * 1000]:
        for encoding in ("utf-8", "utf-16"):
            upload(attacker, value, (prefix + value).encode(encoding))

    assert attacker.complaints == []


def upload(attacker: Attacker, what: str, content: bytes, query: str = "") -> None:
    data = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("f", content)})
    attacker.send(what, "POST", f"/api/expenses/import{query}", data, content_type=MULTIPART_CONTENT)
