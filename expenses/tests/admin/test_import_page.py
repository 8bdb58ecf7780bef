"""/admin/expenses/expense/import/: the preview, and the import after it"""

import logging
import re
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import User
from expenses.admin import imports
from expenses.tests.admin.records import discard, revision, spend
from expenses.tests.admin.staff import staff
from expenses.tests.admin.uploads import COFFEE, EXPENSES, HEADER, LUNCH, PATH, errors, preview, rows, send, stored


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


def test_same_file_again_adds_nothing(admin_client: Client, alice: User) -> None:
    content = HEADER + COFFEE
    seen = preview(admin_client, content)

    for _ in range(2):
        assertRedirects(send(admin_client, content, seen=seen, _import="Import"), f"{EXPENSES}?owner=alice")

    assert len(stored()) == 1
    assert [entry.change_message for entry in LogEntry.objects.all()] == ["Imported 1 expense from bank.csv."]


def test_expense_created_by_hand_and_deleted_is_new_in_a_file(admin_client: Client, alice: User) -> None:
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


def test_preview_of_another_member_of_staff_is_refused(
    admin_client: Client, client: Client, alice: User, bob: User
) -> None:
    seen = preview(admin_client, HEADER + LUNCH)
    client.force_login(staff(bob, "view_expense", "import_expense"))

    assert list(errors(send(client, HEADER + LUNCH, seen=seen, _import="Import"))) == ["__all__"]
    assert stored() == []


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


def test_permission_to_import_is_enough(client: Client, alice: User, bob: User) -> None:
    client.force_login(staff(bob, "view_expense", "import_expense"))

    assertContains(client.get(EXPENSES), f'<a href="{PATH}">Import</a>', html=True)
    assertContains(client.get(PATH), "Import expenses")
    seen = preview(client, HEADER + LUNCH)
    response = send(client, HEADER + LUNCH, seen=seen, _import="Import")

    assertRedirects(response, f"{EXPENSES}?owner=alice")
    assert len(stored()) == 1


def test_no_group_has_the_permission(db: None) -> None:
    assert not Permission.objects.get(codename="import_expense").group_set.exists()


def test_page_runs_no_inline_script(admin_client: Client, alice: User) -> None:
    text = send(admin_client, HEADER + LUNCH).content.decode()

    assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|javascript:", text) == []
