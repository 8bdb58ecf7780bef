"""/admin/expenses/expense/import/: staff import a file for a user, after a preview."""

import logging
import re
from datetime import date, timedelta
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from expenses.admin import imports
from expenses.imports import files, slots
from expenses.models import Expense
from expenses.tests.admin.records import discard, revision, spend
from expenses.tests.admin.staff import staff

EXPENSES = "/admin/expenses/expense/"
PATH = f"{EXPENSES}import/"
HEADER = "date,amount,category,description\n"
LUNCH = "2026-01-21,12.34,Food,Lunch\n"
COFFEE = "2026-01-22,3.50,Coffee,<b>\n"
BOTH_ORDERS = "date,amount,category\n01/02/2026,3.50,Coffee\n"


def send(client: Client, content: str | bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("bank.csv", content.encode() if isinstance(content, str) else content)
    return client.post(PATH, {"owner": "alice", "file": file, **fields})


def preview(client: Client, content: str, **fields: str) -> str:
    """Return the signed field that comes with the preview."""
    response = send(client, content, **fields)
    assert errors(response) == {}
    seen: str = response.context["seen"]
    assertContains(response, f'<input type="hidden" name="seen" value="{seen}">', html=True)
    return seen


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def rows(response: Any) -> list[list[str]]:
    """Return the cells of the table of rows, as HTML."""
    _, table = response.content.decode().split("<tbody>", 1)
    return [re.findall("<td.*?>(.*?)</td>", row) for row in table.split("</tbody>")[0].split("<tr>")[1:]]


def stored() -> list[tuple[Any, ...]]:
    return list(Expense.objects.order_by("pk").values_list("owner__username", "date", "amount", "category"))


@pytest.mark.parametrize("owner", ["alice", "ALICE", "ａlice"])  # noqa: RUF001  # a full-width letter
def test_preview_says_what_would_be_done_and_writes_nothing(admin_client: Client, alice: User, owner: str) -> None:
    spend(alice)
    before = revision(alice)

    response = send(admin_client, HEADER + LUNCH + COFFEE, owner=owner)

    assert errors(response) == {}
    assert rows(response) == [
        ["2", "duplicate", "2026-01-21", "12.34", "Food", "Lunch", ""],
        ["3", "created", "2026-01-22", "3.50", "Coffee", "&lt;b&gt;", ""],
    ]
    assert response.context["counts"] == {"created": 1, "duplicate": 1, "skipped": 0, "invalid": 0, "passed over": 0}
    assert response.context["read_as"]["date format"] == "YYYY-MM-DD"
    assertContains(response, "date: date; amount: amount")
    assertContains(response, "Nothing has been imported yet.")
    assert (len(stored()), revision(alice), LogEntry.objects.count()) == (1, before, 0)


def test_import_stores_what_is_new_and_records_it(
    admin_client: Client, admin_user: User, alice: User, caplog: pytest.LogCaptureFixture
) -> None:
    spend(alice)
    before = revision(alice)
    content = HEADER + LUNCH + COFFEE
    seen = preview(admin_client, content)

    with caplog.at_level(logging.WARNING, "expense_tracker.security"):
        response = send(admin_client, content, seen=seen, _import="Import")

    assertRedirects(response, f"{EXPENSES}?owner=alice", fetch_redirect_response=False)
    assertContains(admin_client.get(EXPENSES), "Imported 1 expense from bank.csv.")
    assert stored()[1:] == [("alice", date(2026, 1, 22), 350, "Coffee")]
    assert revision(alice) == before + 1
    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.get_edited_object(), entry.action_flag) == (admin_user, alice, CHANGE)
    assert entry.change_message == "Imported 1 expense from bank.csv."
    [line] = [record for record in caplog.records if record.getMessage() == "expenses imported"]
    assert line.fields == {"user_id": admin_user.pk, "owner_id": alice.pk, "rows": 1}  # type: ignore[attr-defined]  # extra


def test_the_same_file_again_adds_nothing(admin_client: Client, alice: User) -> None:
    content = HEADER + COFFEE
    seen = preview(admin_client, content)

    for _ in range(2):
        assertRedirects(send(admin_client, content, seen=seen, _import="Import"), f"{EXPENSES}?owner=alice")

    assert len(stored()) == 1
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["Imported 1 expense from bank.csv."]


def test_what_was_deleted_by_hand_is_new_in_a_file(admin_client: Client, alice: User) -> None:
    discard(alice)

    assert rows(send(admin_client, HEADER + LUNCH))[0][1] == "created"


def test_another_file_than_the_previewed_is_refused(admin_client: Client, alice: User) -> None:
    seen = preview(admin_client, HEADER + LUNCH)

    response = send(admin_client, HEADER + COFFEE, seen=seen, _import="Import")

    text = "This is not the file of the preview. Choose that one, or preview this one."
    assert errors(response) == {"file": [text]}
    assert stored() == []


@pytest.mark.parametrize("changed", [{"owner": "bob"}, {"partial": "on"}, {"default_category": "Other"}])
def test_another_owner_or_option_than_the_previewed_is_refused(
    admin_client: Client, alice: User, bob: User, changed: dict[str, str]
) -> None:
    seen = preview(admin_client, HEADER + LUNCH)

    response = send(admin_client, HEADER + LUNCH, seen=seen, _import="Import", **changed)

    assert errors(response) == {"__all__": ["The owner or an option is not as in the preview. Preview the file again."]}
    assert stored() == []


@pytest.mark.parametrize("seen", ["", "forged", "a:b:c", "\x00", "é"])
def test_import_without_a_preview_is_refused(admin_client: Client, alice: User, seen: str) -> None:
    response = send(admin_client, HEADER + LUNCH, seen=seen, _import="Import")

    assert errors(response) == {"__all__": ["Preview the file first. A preview holds for an hour."]}
    assert stored() == []


def test_old_preview_is_refused(admin_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = preview(admin_client, HEADER + LUNCH)
    monkeypatch.setattr(imports, "PREVIEW_LASTS", timedelta(seconds=-1))

    response = send(admin_client, HEADER + LUNCH, seen=seen, _import="Import")

    assert errors(response) == {"__all__": ["Preview the file first. A preview holds for an hour."]}


def test_preview_of_somebody_else_is_refused(admin_client: Client, client: Client, alice: User, bob: User) -> None:
    seen = preview(admin_client, HEADER + LUNCH)
    client.force_login(staff(bob, "view_expense", "import_expense"))

    assert list(errors(send(client, HEADER + LUNCH, seen=seen, _import="Import"))) == ["__all__"]
    assert stored() == []


def test_undecidable_file_asks_at_the_option_that_decides(admin_client: Client, alice: User) -> None:
    response = send(admin_client, BOTH_ORDERS)

    assert list(errors(response)) == ["date_format"]
    assert response.context["seen"] == ""
    assertNotContains(response, 'name="_import"')

    seen = preview(admin_client, BOTH_ORDERS, date_format="DD/MM/YYYY")
    send(admin_client, BOTH_ORDERS, date_format="DD/MM/YYYY", seen=seen, _import="Import")

    assert stored() == [("alice", date(2026, 2, 1), 350, "Coffee")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"owner": ""}, ["owner"]),
        ({"owner": "nobody"}, ["owner"]),
        ({"owner": "a\x00"}, ["owner"]),
        ({"date_format": "x", "columns": "[]"}, ["date_format", "columns"]),
        ({"decimal": "x"}, ["decimal"]),
        ({"spending": "x"}, ["spending"]),
        ({"encoding": "rot13"}, ["encoding"]),
        ({"encoding": "utf-16"}, ["encoding"]),
        ({"delimiter": "x"}, ["delimiter"]),
        ({"columns": '{"amount": "none"}'}, ["columns"]),
        ({"default_category": "x" * 41}, ["default_category"]),
    ],
)
def test_wrong_value_is_an_error_of_its_field(
    admin_client: Client, alice: User, fields: dict[str, str], wrong: list[str]
) -> None:
    response = send(admin_client, HEADER + LUNCH, **fields)

    assert list(errors(response)) == wrong
    assert response.context["seen"] == ""


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n1,2\n", b"\x00\xff" * 50, b"[{]"])
def test_file_that_cannot_be_read_is_an_error_of_the_file(admin_client: Client, alice: User, content: bytes) -> None:
    assert list(errors(send(admin_client, content))) in (["file"], ["columns"], ["encoding"])


def test_too_large_file_is_refused(admin_client: Client, alice: User) -> None:
    response = send(admin_client, b"x" * (files.MAX_FILE_BYTES + 1))

    assert errors(response) == {"file": ["The file is larger than 10,485,760 bytes."]}


def test_missing_file_is_refused(admin_client: Client, alice: User) -> None:
    assert list(errors(admin_client.post(PATH, {"owner": "alice"}))) == ["file"]


def test_file_waits_for_others_and_is_then_refused(
    admin_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "reading_slots", BoundedSemaphore(1))
    monkeypatch.setattr(slots, "WAIT_SECONDS", 0.01)

    with slots.reading_slot():
        response = send(admin_client, HEADER + LUNCH)

    assert errors(response) == {"__all__": ["Other files are being imported. Try again in a moment."]}
    assert errors(send(admin_client, HEADER + LUNCH)) == {}


def test_invalid_rows_are_shown_first_and_need_partial(
    admin_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "SHOWN", 2)
    content = HEADER + LUNCH + COFFEE + f"2026-01-23,1.00,{'x' * 41},\n"

    response = send(admin_client, content)

    text = "Some rows are not valid. Correct the file, or check this to import the others."
    assert errors(response) == {"partial": [text]}
    assert [row[:2] for row in rows(response)] == [["4", "invalid"], ["2", "created"]]
    assertContains(response, "And 1 more rows")
    assertNotContains(response, 'name="_import"')

    seen = preview(admin_client, content, partial="on")
    send(admin_client, content, partial="on", seen=seen, _import="Import")

    assert [amount for _, _, amount, _ in stored()] == [1234, 350]


@pytest.mark.parametrize("permissions", [["view_expense"], ["view_expense", "add_expense"], ["import_expense"]])
def test_import_needs_its_permission(client: Client, alice: User, bob: User, permissions: list[str]) -> None:
    client.force_login(staff(bob, *permissions))

    assert client.get(PATH).status_code == 403
    assert send(client, HEADER + LUNCH).status_code == 403
    if "view_expense" in permissions:
        assertNotContains(client.get(EXPENSES), PATH)


def test_permission_to_import_is_enough(client: Client, alice: User, bob: User) -> None:
    client.force_login(staff(bob, "view_expense", "import_expense"))

    assertContains(client.get(EXPENSES), f'<a href="{PATH}">Import</a>', html=True)
    assertContains(client.get(PATH), "Import expenses")
    seen = preview(client, HEADER + LUNCH)
    response = send(client, HEADER + LUNCH, seen=seen, _import="Import")

    assertRedirects(response, f"{EXPENSES}?owner=alice")
    assert len(stored()) == 1


def test_permission_is_given_to_no_group(db: None) -> None:
    assert not Permission.objects.get(codename="import_expense").group_set.exists()


def test_form_without_csrf_token_is_refused(alice: User, admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert send(client, HEADER + LUNCH).status_code == 403


def test_page_runs_no_inline_script(admin_client: Client, alice: User) -> None:
    text = send(admin_client, HEADER + LUNCH).content.decode()

    assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|javascript:", text) == []
