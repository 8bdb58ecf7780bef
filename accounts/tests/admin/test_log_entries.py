"""/admin/admin/logentry/: what staff have done."""

from typing import Any

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User

LOG = "/admin/admin/logentry/"


@pytest.fixture
def entries(admin_user: User, groups: None) -> dict[str, LogEntry]:
    """Three actions, by their texts; the first is of long ago."""
    carol = User.objects.create_user("Carol", is_staff=True)
    group = Group.objects.get(name="Finance")
    made: dict[str, LogEntry] = {}
    for user, row, flag, text in (
        (admin_user, carol, ADDITION, "Hired."),
        (carol, carol, CHANGE, "Renamed."),
        (carol, group, DELETION, ""),
    ):
        [made[text]] = LogEntry.objects.log_actions(user.pk, [row], flag, text)
    LogEntry.objects.filter(change_message="Hired.").update(action_time="2024-02-29T23:59:59Z")
    return made


def listed(response: Any) -> list[str]:
    return [entry.change_message for entry in response.context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["", "Renamed.", "Hired."]),
        ("?user=CAROL", ["", "Renamed."]),
        ("?user=nobody", []),
        ("?kind=auth.group", [""]),
        ("?action=1", ["Hired."]),
        ("?kind=accounts.user&action=2&user=carol&q=car", ["Renamed."]),
        ("?date_to=2024-02-29", ["Hired."]),
        ("?date_to=2024-02-28", []),
        ("?date_from=2024-02-29&date_to=2024-03-01", ["Hired."]),
        (f"?date_from={timezone.now():%Y-%m-%d}", ["", "Renamed."]),
        ("?kind=auth.user", []),
    ],
)
def test_actions_of_all_staff_are_listed_and_filtered(
    admin_client: Client, entries: dict[str, LogEntry], query: str, found: list[str]
) -> None:
    assert listed(admin_client.get(LOG + query)) == found


def test_a_row_names_and_links_what_was_acted_on(admin_client: Client, entries: dict[str, LogEntry]) -> None:
    response = admin_client.get(LOG)

    carol = User.objects.get(username="Carol")
    assertContains(response, f'<a href="/admin/accounts/user/{carol.pk}/change/">Carol</a>', html=True, count=2)
    assertContains(response, '<td class="field-object">Finance</td>', html=True)
    assertContains(response, "Select log entry to view")
    assertNotContains(response, "Add log entry")


def test_who_is_no_superuser_sees_the_actions_on_what_they_may_look_at(
    client: Client, entries: dict[str, LogEntry]
) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_logentry", "view_user"]))
    client.force_login(viewer)

    assert listed(client.get(LOG)) == ["Renamed.", "Hired."]
    assert client.get(f"{LOG}{entries['Renamed.'].pk}/change/").status_code == 200
    assert client.get(f"{LOG}{entries[''].pk}/change/").status_code == 302


def test_nothing_is_added_changed_or_deleted(admin_client: Client, entries: dict[str, LogEntry]) -> None:
    entry = entries["Renamed."]

    for path in (f"{LOG}add/", f"{LOG}{entry.pk}/change/", f"{LOG}{entry.pk}/delete/"):
        assert admin_client.post(path, {"post": "yes", "object_repr": "x"}).status_code == 403
    admin_client.post(LOG, {"action": "delete_selected", "_selected_action": [str(entry.pk)], "post": "yes"})

    assert LogEntry.objects.count() == 3
    assert LogEntry.objects.get(pk=entry.pk).object_repr == "Carol"


def test_a_user_who_has_acted_can_be_deleted(admin_client: Client, entries: dict[str, LogEntry]) -> None:
    carol = User.objects.get(username="Carol")

    admin_client.post(f"/admin/accounts/user/{carol.pk}/delete/", {"post": "yes"})

    assert not User.objects.filter(pk=carol.pk).exists()
