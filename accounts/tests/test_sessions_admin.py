"""/admin/accounts/session/, and what becomes of a user's data when staff delete the user."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, Session, User

ALICE = {"username": "alice", "password": "SecurePassword123!"}
SESSIONS = "/admin/accounts/session/"
USERS = "/admin/accounts/user/"
Expense: Any = apps.get_model("expenses", "Expense")


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def shown(staff: Client, path: str) -> set[Any]:
    """The rows on a page of a list."""
    return set(staff.get(path).context["cl"].result_list)


def test_staff_see_everybodys_sessions(staff: Client, alice: APIClient, bob: APIClient) -> None:
    APIClient().post("/api/login", ALICE, HTTP_USER_AGENT="My phone")

    response = staff.get(SESSIONS)

    assert response.status_code == 200
    assert set(response.context["cl"].result_list) == set(Session.objects.all())
    assert "My phone" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"", "Reader", "Writer", "Ended"}),
        ("?scope__exact=read", {"Reader"}),
        ("?revoked_at__isempty=0", {"Ended"}),
        ("?revoked_at__isempty=1", {"", "Reader", "Writer"}),
        ("?q=ALICE", {"", "Reader", "Writer", "Ended"}),
        ("?q=writer", {"Writer"}),
        ("?q=nobody", set()),
    ],
)
def test_sessions_are_filtered_and_searched(staff: Client, alice: APIClient, query: str, names: set[str]) -> None:
    for name, scope in (("Reader", "read"), ("Writer", "write"), ("Ended", "write")):
        alice.post("/api/sessions", {"name": name, "scope": scope, "expires_in_days": 1})
    Session.objects.filter(name="Ended").update(revoked_at=timezone.now())

    assert {session.name for session in shown(staff, SESSIONS + query)} == names


def test_a_revoked_session_ends_at_the_next_request(staff: Client, alice: APIClient, bob: APIClient) -> None:
    tokens = APIClient().post("/api/login", ALICE).json()
    selected = [str(pk) for pk in Session.objects.filter(user__username="alice").values_list("pk", flat=True)]

    response = staff.post(SESSIONS, {"action": "revoke", "_selected_action": selected}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["2 sessions revoked."]
    assert alice.get("/api/me").status_code == 401
    assert APIClient().post("/api/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401
    assert bob.get("/api/me").status_code == 200


def test_staff_who_may_only_view_revoke_nothing(alice: APIClient) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(viewer.user_permissions.model.objects.filter(codename="view_session"))
    client = Client()
    client.force_login(viewer)
    selected = [str(pk) for pk in Session.objects.values_list("pk", flat=True)]

    assert shown(client, SESSIONS) == set(Session.objects.all())
    client.post(SESSIONS, {"action": "revoke", "_selected_action": selected})

    assert alice.get("/api/me").status_code == 200


def test_a_session_is_shown_without_what_opens_it_and_cannot_be_edited(staff: Client, alice: APIClient) -> None:
    tokens = APIClient().post("/api/login", ALICE, HTTP_USER_AGENT="My phone").json()
    session = Session.objects.get(user_agent="My phone")

    response = staff.get(f"{SESSIONS}{session.pk}/change/")

    assert response.status_code == 200
    assert not response.context["adminform"].form.fields
    page = response.content.decode()
    assert "My phone" in page
    for kind in ("access_token", "refresh_token"):
        assert tokens[kind].rpartition(".")[2] not in page
    assert session.user.password not in page


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_sessions_are_neither_added_nor_deleted(staff: Client, alice: APIClient, path: str) -> None:
    path = SESSIONS + path.format(pk=Session.objects.get().pk)

    assert staff.get(path).status_code == 403
    assert staff.post(path, {"post": "yes"}).status_code == 403
    assert alice.get("/api/me").status_code == 200


def test_no_action_deletes_sessions(staff: Client, alice: APIClient) -> None:
    choices = dict(staff.get(SESSIONS).context["action_form"].fields["action"].choices)

    assert choices.keys() == {"", "revoke"}


@pytest.mark.parametrize("how", ["one", "action"])
def test_a_user_deleted_by_staff_is_erased_with_everything(
    staff: Client, alice: APIClient, bob: APIClient, how: str
) -> None:
    for client in (alice, bob):
        client.post("/api/expenses", {"amount": 1, "category": "Food"})
        client.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"})
    alices, bobs = User.objects.get(username="alice").pk, User.objects.get(username="bob").pk

    with CaptureQueriesContext(connection) as queries:
        if how == "one":
            response = staff.post(f"{USERS}{alices}/delete/", {"post": "yes"})
        else:
            selected = {"action": "delete_selected", "_selected_action": [str(alices)], "post": "yes"}
            response = staff.post(USERS, selected)

    writes = [
        query["sql"] for query in queries if "accounts_" in query["sql"] and not query["sql"].startswith("SELECT")
    ]
    assert writes[0].startswith("INSERT INTO accounts_ledger"), "the lock that writes wait for comes first"
    assert response.status_code == 302
    assert set(User.objects.values_list("username", flat=True)) == {"bob", "root"}
    assert set(RevisionCounter.objects.values_list("user", flat=True)) == {bobs}
    assert set(Session.objects.values_list("user", flat=True)) == {bobs}
    assert set(Expense.objects.values_list("owner", flat=True)) == {bobs}
    refused = alice.post("/api/expenses", {"amount": 1, "category": "Food"})
    assert refused.status_code == 401
    assert refused.json() == {"detail": "Could not validate credentials", "code": "session_ended"}
    assert bob.get("/api/me").status_code == 200


def test_a_password_set_by_staff_ends_every_session(staff: Client, alice: APIClient, bob: APIClient) -> None:
    new = "correct horse battery staple"
    path = f"{USERS}{User.objects.get(username='alice').pk}/password/"

    response = staff.post(path, {"password1": new, "password2": new, "usable_password": "true"})

    assert response.status_code == 302
    assert APIClient().post("/api/login", ALICE | {"password": new}).status_code == 200
    assert alice.get("/api/me").status_code == 401
    assert bob.get("/api/me").status_code == 200


def test_a_user_deactivated_by_staff_is_refused_at_the_next_request(staff: Client, alice: APIClient) -> None:
    tokens = APIClient().post("/api/login", ALICE).json()

    response = staff.post(f"{USERS}{User.objects.get(username='alice').pk}/change/", {"username": "alice"})

    assert response.status_code == 302
    assert alice.get("/api/me").status_code == 401
    assert APIClient().post("/api/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


@pytest.mark.parametrize(("codename", "ended"), [("end_session", True), ("change_session", False)])
def test_it_takes_a_permission_of_its_own_to_end_sessions(alice: APIClient, codename: str, *, ended: bool) -> None:
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


def test_revoking_many_needs_no_query_for_a_single_session(
    staff: Client, alice: APIClient, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for index in range(30):
        alice.post("/api/sessions", {"name": f"Script {index}", "expires_in_days": 1, "scope": "read"})
    selected = [str(pk) for pk in Session.objects.values_list("pk", flat=True)]

    with django_assert_max_num_queries(15):
        staff.post(SESSIONS, {"action": "revoke", "_selected_action": selected})

    assert not Session.objects.live().exists()
    assert LogEntry.objects.count() == 31


@pytest.mark.parametrize(("name", "found"), [("ALICE", True), ("alic", False)])
def test_sessions_are_found_by_user(staff: Client, alice: APIClient, bob: APIClient, name: str, *, found: bool) -> None:
    assert shown(staff, f"{SESSIONS}?user={name}") == set(
        Session.objects.filter(user__username="alice") if found else []
    )
