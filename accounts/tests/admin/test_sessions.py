"""/admin/accounts/session/"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.tests.api import ALICE, log_in

SESSIONS = "/admin/accounts/session/"


def shown(client: Client, path: str) -> set[Any]:
    """Return the rows on a page of a list."""
    return set(client.get(path).context["cl"].result_list)


def test_list_shows_the_sessions_of_all_users(admin_client: Client, alice: APIClient, bob: APIClient) -> None:
    APIClient().post("/api/login", ALICE, HTTP_USER_AGENT="okhttp/4.12.0")

    response = admin_client.get(SESSIONS)

    assert response.status_code == 200
    assert set(response.context["cl"].result_list) == set(Session.objects.all())
    assert "okhttp" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"", "Reader", "Writer", "Ended", "Expired"}),
        ("?scope=read", {"Reader"}),
        ("?state=ended", {"Ended", "Expired"}),
        ("?state=live", {"", "Reader", "Writer"}),
        ("?scope=write&state=live&q=writer&user=alice", {"Writer"}),
        ("?state=x", set()),
        ("?q=ALICE", {"", "Reader", "Writer", "Ended", "Expired"}),
        ("?q=writer", {"Writer"}),
        ("?q=nobody", set()),
    ],
)
def test_sessions_are_filtered_and_searched(
    admin_client: Client, alice: APIClient, query: str, names: set[str]
) -> None:
    for name, scope in (("Reader", "read"), ("Writer", "write"), ("Ended", "write"), ("Expired", "write")):
        alice.post("/api/sessions", {"name": name, "scope": scope, "expires_in_days": 1})
    Session.objects.filter(name="Ended").update(revoked_at=timezone.now())
    Session.objects.filter(name="Expired").update(expires_at=timezone.now())

    assert {session.name for session in shown(admin_client, SESSIONS + query)} == names


def test_revoked_session_is_refused_at_the_next_request(admin_client: Client, alice: APIClient, bob: APIClient) -> None:
    tokens = log_in().json()
    selected = [str(pk) for pk in Session.objects.filter(user__username="alice").values_list("pk", flat=True)]

    response = admin_client.post(SESSIONS, {"action": "revoke", "_selected_action": selected}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["2 sessions were revoked."]
    assert alice.get("/api/me").status_code == 401
    assert APIClient().post("/api/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    assert bob.get("/api/me").status_code == 200


def test_view_permission_does_not_allow_revoking(alice: APIClient) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(viewer.user_permissions.model.objects.filter(codename="view_session"))
    client = Client()
    client.force_login(viewer)
    selected = [str(pk) for pk in Session.objects.values_list("pk", flat=True)]

    assert shown(client, SESSIONS) == set(Session.objects.all())
    client.post(SESSIONS, {"action": "revoke", "_selected_action": selected})

    assert alice.get("/api/me").status_code == 200


def test_page_shows_no_tokens_and_has_no_fields(admin_client: Client, alice: APIClient) -> None:
    tokens = APIClient().post("/api/login", ALICE, HTTP_USER_AGENT="My phone").json()
    session = Session.objects.get(user_agent="My phone")

    response = admin_client.get(f"{SESSIONS}{session.pk}/change/")

    assert response.status_code == 200
    assert not response.context["adminform"].form.fields
    page = response.content.decode()
    assert "My phone" in page
    for kind in ("access_token", "refresh_token"):
        assert tokens[kind].rpartition(".")[2] not in page
    assert session.user.password not in page


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_sessions_cannot_be_added_or_deleted(admin_client: Client, alice: APIClient, path: str) -> None:
    path = SESSIONS + path.format(pk=Session.objects.get().pk)

    assert admin_client.get(path).status_code == 403
    assert admin_client.post(path, {"post": "yes"}).status_code == 403
    assert alice.get("/api/me").status_code == 200


def test_revoke_is_the_only_action(admin_client: Client, alice: APIClient) -> None:
    choices = dict(admin_client.get(SESSIONS).context["action_form"].fields["action"].choices)

    assert choices.keys() == {"", "revoke"}


@pytest.mark.parametrize(("codename", "ended"), [("end_session", True), ("change_session", False)])
def test_revoking_needs_its_own_permission(alice: APIClient, codename: str, *, ended: bool) -> None:
    helper = User.objects.create_user("helper", is_staff=True)
    codenames = ["view_session", codename]
    helper.user_permissions.set(helper.user_permissions.model.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(helper)
    [session] = Session.objects.all()

    client.post(SESSIONS, {"action": "revoke", "_selected_action": [str(session.pk)]})

    assert alice.get("/api/me").status_code == (401 if ended else 200)
    entries = LogEntry.objects.filter(object_id=session.pk)
    assert [entry.get_change_message() for entry in entries] == ["Revoked."] * ended


def test_revoking_runs_no_query_per_session(
    admin_client: Client, alice: APIClient, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for index in range(30):
        alice.post("/api/sessions", {"name": f"Script {index}", "expires_in_days": 1, "scope": "read"})
    selected = [str(pk) for pk in Session.objects.values_list("pk", flat=True)]

    with django_assert_max_num_queries(15):
        admin_client.post(SESSIONS, {"action": "revoke", "_selected_action": selected})

    assert not Session.objects.live().exists()
    assert LogEntry.objects.count() == 31


@pytest.mark.parametrize(("name", "found"), [("ALICE", True), ("alic", False)])
def test_user_filter_matches_the_whole_name_in_any_case(
    admin_client: Client, alice: APIClient, bob: APIClient, name: str, *, found: bool
) -> None:
    assert shown(admin_client, f"{SESSIONS}?user={name}") == set(
        Session.objects.filter(user__username="alice") if found else []
    )
