"""/admin/expenses/expense/export/csv/ and /json/: what staff have found, as a file."""

import csv
import io
import json
import logging
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.http import StreamingHttpResponse
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from expenses import actions, exports
from expenses.models import Expense
from expenses.tests.admin.records import spend
from expenses.tests.admin.staff import staff

EXPENSES = "/admin/expenses/expense/"
CSV, JSON = f"{EXPENSES}export/csv/", f"{EXPENSES}export/json/"
HEADER = "username,date,amount,category,description\r\n"


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("@bob")


def exported(client: Client, path: str, parameters: dict[str, str] | None = None) -> str:
    response = client.get(path, parameters)
    assert response.status_code == 200
    return response.getvalue().decode()


def descriptions(content: str) -> list[str]:
    return [row["description"] for row in csv.DictReader(io.StringIO(content, newline=""))]


def test_csv_names_the_owners_and_groups_their_rows(admin_client: Client, alice: User, bob: User) -> None:
    spend(bob, category="Café")
    spend(alice, date=date(2026, 1, 1), description="=1+1")
    spend(alice, amount=5, description=None)

    assert exported(admin_client, CSV) == (
        f"{HEADER}"
        "alice,2026-01-21,0.05,Food,\r\n"
        "alice,2026-01-01,12.34,Food,'=1+1\r\n"
        "'@bob,2026-01-21,12.34,Café,Lunch\r\n"
    )


def test_json_is_that_of_the_api_with_the_name_of_the_owner(admin_client: Client, alice: User, bob: User) -> None:
    expenses = [spend(alice), spend(bob)]

    content = exported(admin_client, JSON)

    assert json.loads(content) == [
        {
            "id": expense.pk,
            "amount": 1234,
            "category": "Food",
            "description": "Lunch",
            "date": "2026-01-21",
            "created_at": expense.created_at.isoformat().replace("+00:00", "Z"),
            "updated_at": expense.updated_at.isoformat().replace("+00:00", "Z"),
            "owner_id": owner.pk,
            "revision": 1,
            "external_id": None,
            "username": owner.username,
        }
        for expense, owner in zip(expenses, (alice, bob), strict=True)
    ]
    assert content.count("\n") == 4


def test_file_name_contains_the_day(admin_client: Client, freeze: Callable[[date], object]) -> None:
    freeze(date(2026, 1, 21))

    response = admin_client.get(CSV)

    assert response["Content-Disposition"] == 'attachment; filename="expenses-2026-01-21.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, ["a", "b"]),
        ({"owner": "ALICE"}, ["a"]),
        ({"date_from": "2026-02-01", "category": "Food"}, ["b"]),
        ({"amount_min": "12.35"}, ["b"]),
        ({"deleted": "true"}, ["c"]),
        ({"q": "A"}, ["a"]),
        ({"q": "nothing"}, []),
        ({"date__year": "2026", "date__month": "1"}, ["a"]),
        ({"o": "1", "p": "1"}, ["a", "b"]),
    ],
)
def test_file_has_the_rows_of_the_list(
    admin_client: Client, alice: User, bob: User, parameters: dict[str, str], found: list[str]
) -> None:
    spend(alice, description="a", category="x")
    spend(bob, description="b", amount=1235, date=date(2026, 2, 1))
    deleted = spend(bob, description="c")
    actions.delete_expense(owner=bob, expense_id=deleted.pk)

    assert descriptions(exported(admin_client, CSV, parameters)) == found


def test_list_links_to_the_files_with_its_filters(admin_client: Client, alice: User) -> None:
    response = admin_client.get(EXPENSES, {"owner": "alice", "p": "1", "q": "a&b"})

    assertContains(response, f'<a href="{CSV}?owner=alice&amp;q=a%26b">Export CSV</a>', html=True)
    assertContains(response, f'<a href="{JSON}?owner=alice&amp;q=a%26b">Export JSON</a>', html=True)


@pytest.mark.parametrize("query", ["date_to=x", "owner=%00", "amount_min=-1"])
def test_malformed_filter_redirects_to_list_with_its_error(admin_client: Client, query: str) -> None:
    response = admin_client.get(f"{CSV}?{query}")

    assertRedirects(response, f"{EXPENSES}?{query}")


def test_unknown_filter_redirects_to_list(admin_client: Client) -> None:
    assertRedirects(admin_client.get(f"{CSV}?colour=red"), EXPENSES)


@pytest.mark.parametrize("name", ["xml", "CSV", "%00"])
def test_unknown_format_returns_404(admin_client: Client, name: str) -> None:
    assert admin_client.get(f"{EXPENSES}export/{name}/").status_code == 404


@pytest.mark.parametrize("days", [[1, 1, 1, 1, 1, 1, 1], [7, 1, 6, 2, 5, 3, 4]])
@pytest.mark.parametrize("chunk", [1, 2, 3, 7])
def test_no_row_is_doubled_or_lost_between_chunks_and_owners(
    admin_client: Client, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, *, days: list[int], chunk: int
) -> None:
    monkeypatch.setattr(exports, "CHUNK", chunk)
    carol = User.objects.create_user("carol")
    for number, day in enumerate(days):
        for owner in (bob, alice, carol):
            spend(owner, date=date(2026, 1, day), description=f"{owner.pk} {number}")

    expected = Expense.objects.order_by("owner_id", "-date", "-id").values_list("description", flat=True)
    assert descriptions(exported(admin_client, CSV)) == list(expected)
    assert [row["description"] for row in json.loads(exported(admin_client, JSON))] == list(expected)


def test_the_rows_of_each_owner_are_a_part(
    admin_client: Client, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 2)
    for owner in (alice, bob):
        for _ in range(5):
            spend(owner)

    response = admin_client.get(CSV)

    assert isinstance(response, StreamingHttpResponse)
    assert [piece.count(b"Food") for piece in response] == [5, 5, 0]


def test_export_needs_a_permission_and_is_logged(
    client: Client, alice: User, bob: User, caplog: pytest.LogCaptureFixture
) -> None:
    spend(alice)
    client.force_login(staff(bob, "view_expense"))

    assertNotContains(client.get(EXPENSES), "Export CSV")
    assert client.get(CSV).status_code == 403

    bob.user_permissions.add(Permission.objects.get(codename="export_expense"))
    with caplog.at_level(logging.WARNING, "expense_tracker.security"):
        response = client.get(CSV)

    assert response.status_code == 200
    [line] = [record for record in caplog.records if record.getMessage() == "expenses exported"]
    assert line.fields == {"user_id": bob.pk, "format": "csv", "rows": 1}  # type: ignore[attr-defined]  # extra
    assertContains(client.get(EXPENSES), "Export CSV")
