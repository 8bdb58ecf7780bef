"""GET /api/expenses/export"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses import exports
from expenses.tests.api import spend
from expenses.tests.exported import HEADER, PATH, descriptions, exported

KNOWN = "date_from, date_to, amount_min, amount_max, category, search, format, dialect, decimal"


def test_json_has_the_expenses_of_the_list_one_per_line(alice: APIClient) -> None:
    old = spend(alice, amount=2500, category="Café", description='Two\n"lines"', date="2026-01-01")
    new = spend(alice)

    lines = [json.dumps(expense, ensure_ascii=False, separators=(",", ":")) for expense in (new, old)]
    assert exported(alice, ("format", "json")).decode() == f"[\n{lines[0]},\n{lines[1]}\n]\n"
    assert alice.get("/api/expenses").json() == [new, old]


@pytest.mark.parametrize(("name", "content"), [("csv", HEADER), ("json", b"[\n]\n")])
def test_export_excludes_deleted_and_other_users_expenses(
    alice: APIClient, bob: APIClient, name: str, content: bytes
) -> None:
    spend(alice)
    alice.delete(f"/api/expenses/{spend(alice)['id']}")
    bob.delete(f"/api/expenses/{spend(bob)['id']}")

    assert exported(bob, ("format", name)) == content
    assert exported(alice, ("format", name)).count(b"Food") == 1


@pytest.mark.parametrize("parameter", ["dialect=excel", "decimal=,"])
def test_csv_parameters_with_json_return_400(alice: APIClient, parameter: str) -> None:
    response = alice.get(f"{PATH}?format=json&{parameter}")

    assert response.status_code == 400
    error = {"detail": "Only a CSV has this.", "code": "invalid", "parameter": parameter.partition("=")[0]}
    assert response.json()["errors"] == [error]


@pytest.mark.parametrize(
    ("query", "username", "content_type", "disposition"),
    [
        ("", "alice", "text/csv; charset=utf-8", 'attachment; filename="expenses-alice-2026-01-21.csv"'),
        ("?format=csv", "A.b+c@d", "text/csv; charset=utf-8", 'attachment; filename="expenses-A.b+c@d-2026-01-21.csv"'),
        ("?format=json", "alice", "application/json", 'attachment; filename="expenses-alice-2026-01-21.json"'),
        (
            "?format=json",
            "Jürgen",
            "application/json",
            "attachment; filename*=utf-8''expenses-J%C3%BCrgen-2026-01-21.json",
        ),
    ],
)
def test_file_name_contains_user_and_day(
    make_client: Callable[[str], APIClient],
    freeze: Callable[[date], object],
    *,
    query: str,
    username: str,
    content_type: str,
    disposition: str,
) -> None:
    freeze(date(2026, 1, 21))

    response = make_client(username).get(f"{PATH}{query}")

    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == disposition
    assert not response.has_header("Content-Length")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ([("date_from", "2026-01-02")], ["c", "b"]),
        ([("date_to", "2026-01-02"), ("amount_min", 200)], ["b"]),
        ([("amount_max", 200)], ["b", "a"]),
        ([("category", "Food"), ("category", "Café")], ["c", "a"]),
        ([("search", "FOOD")], ["b", "a"]),
        ([("search", "nothing")], []),
    ],
)
def test_export_takes_the_filters_of_the_list(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch, parameters: list[tuple[str, Any]], found: list[str]
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 1)
    spend(alice, description="a", amount=100, category="Food", date="2026-01-01")
    spend(alice, description="b", amount=200, category="food", date="2026-01-02")
    spend(alice, description="c", amount=300, category="Café", date="2026-01-03")

    assert descriptions(exported(alice, *parameters)) == found
    rows = json.loads(exported(alice, ("format", "json"), *parameters))
    assert [row["description"] for row in rows] == found


@pytest.mark.parametrize("name", ["csv", "json"])
@pytest.mark.parametrize("days", [[1, 1, 1, 1, 1, 1, 1], [7, 1, 6, 2, 5, 3, 4], [2, 1, 2, 1, 2, 2]])
@pytest.mark.parametrize("chunk", [1, 2, 3, 6, 7])
def test_no_row_is_doubled_or_lost_between_chunks(
    alice: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[..., Any],
    *,
    name: str,
    days: list[int],
    chunk: int,
) -> None:
    monkeypatch.setattr(exports, "CHUNK", chunk)
    for number, day in enumerate(days):
        spend(alice, date=f"2026-01-{day:02}", description=str(number))
    listed = alice.get("/api/expenses").json()

    # authentication, and each chunk until one that is not full
    with django_assert_num_queries(1 + len(days) // chunk + 1):
        content = exported(alice, ("format", name))

    if name == "json":
        assert json.loads(content) == listed
    else:
        assert descriptions(content) == [expense["description"] for expense in listed]


FORMAT = "Choose one of: csv, json."


@pytest.mark.parametrize(
    ("query", "parameter", "code", "message"),
    [
        *((f"format={value}", "format", "invalid_choice", FORMAT) for value in ("CSV", "xml", "csv,json")),
        ("format=csv&format=csv", "format", "repeated", "This parameter can be given only once."),
        *(
            (f"{name}=1", name, "unknown", f"Unknown parameter. Allowed parameters: {KNOWN}.")
            for name in ("limit", "offset", "deleted", "colour")
        ),
        ("date_from=2026-1-1", "date_from", "invalid", "Enter a day as YYYY-MM-DD."),
    ],
)
def test_invalid_parameter_returns_400_with_its_name(
    alice: APIClient, query: str, parameter: str, code: str, message: str
) -> None:
    response = alice.get(f"{PATH}?{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert not response.has_header("Content-Disposition")
    assert response.json() == {
        "detail": f"{parameter}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "parameter": parameter}],
    }
