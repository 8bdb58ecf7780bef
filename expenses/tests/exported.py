"""Exports of an account."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from rest_framework.test import APIClient

PATH = "/api/expenses/export"
HEADER = b"date,amount,category,description\r\n"


def exported(client: APIClient, *parameters: tuple[str, Any]) -> bytes:
    response = client.get(f"{PATH}?{urlencode(parameters)}")
    assert response.status_code == 200
    content: bytes = response.getvalue()
    return content


def descriptions(content: bytes) -> list[str]:
    return [row["description"] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]
