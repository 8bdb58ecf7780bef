"""/admin/accounts/user/: what staff can do to users, and what they cannot."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from rest_framework.test import APIClient

from accounts.models import Session, User
from expense_tracker.tests.people import PASSWORD

USERS = "/admin/accounts/user/"
NEW_PASSWORD = "AnotherPassword456!"
Expense: Any = apps.get_model("expenses", "Expense")
Budget: Any = apps.get_model("expenses", "Budget")


@pytest.fixture
def clerk(client: Client, db: None) -> Client:
    """Staff who may do to users all that there is, but are no superuser."""
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(user)
    return client


def user_of(username: str) -> User:
    return User.objects.get(username=username)


def page_of(username: str, page: str = "change") -> str:
    return f"{USERS}{user_of(username).pk}/{page}/"


def act(client: Client, action: str, *usernames: str) -> list[str]:
    """Does it to the users, and answers what the person is told."""
    selected = [str(user_of(username).pk) for username in usernames]
    response = client.post(USERS, {"action": action, "_selected_action": selected}, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


def history(username: str) -> list[tuple[str, str]]:
    entries = LogEntry.objects.filter(object_id=user_of(username).pk)
    return [(entry.user.username, entry.get_change_message()) for entry in entries]


def login_status(username: str, password: str) -> int:
    return APIClient().post("/api/login", {"username": username, "password": password}).status_code


def test_the_page_of_a_user_leads_to_what_they_have(admin_client: Client, alice: APIClient, bob: APIClient) -> None:
    for client in (alice, alice, bob):
        expense = client.post("/api/expenses", {"amount": 2500, "category": "Food"}).json()
        client.post("/api/expenses", {"amount": 2500, "category": "Food"})
        client.delete(f"/api/expenses/{expense['id']}")
    alice.put("/api/budgets", {"category": "Food", "amount": 1})

    page = admin_client.get(page_of("alice"))

    for path, model, count in (
        ("expenses/expense/?owner=alice", Expense.objects.live(), 2),
        ("expenses/budget/?owner=alice", Budget.objects.all(), 1),
        ("accounts/session/?user=alice", Session.objects.all(), 1),
    ):
        assertContains(page, f'<a href="/admin/{path}">{count}</a>', html=True, count=1)
        shown = admin_client.get(f"/admin/{path}").context["cl"].result_list
        owner = path.partition("?")[2].partition("=")[0]
        assert set(shown) == set(model.filter(**{owner: user_of("alice")}))


@pytest.mark.parametrize("number", [3, 60])
def test_the_page_of_a_user_needs_no_query_for_a_single_thing_of_theirs(
    admin_client: Client, alice: APIClient, django_assert_num_queries: Callable[..., Any], number: int
) -> None:
    alice.post("/api/expenses/bulk", {"create": [{"amount": 1, "category": "Food"}] * number})
    for index in range(number):
        alice.put("/api/budgets", {"category": f"Food {index}", "amount": 1})
    path = page_of("alice")
    ContentType.objects.get_for_model(User)  # which is then remembered

    # session, user, the user with the count of expenses, their groups and permissions, counts of budgets and sessions,
    # all groups and permissions
    with django_assert_num_queries(9):
        assertContains(admin_client.get(path), f">{number}</a>", count=2)


def test_links_to_what_one_may_not_look_at_are_not_shown(clerk: Client, alice: APIClient) -> None:
    page = clerk.get(page_of("alice"))

    shown = [field for fieldset in page.context["adminform"] for line in fieldset for field in line.fields]
    assert [name for name in shown if name.startswith("their_")] == ["their_sessions"]


@pytest.mark.parametrize(
    ("permission", "text"), [("view_user", "Set"), ("change_user", 'Set (<a href="../password/">change</a>)')]
)
def test_no_page_shows_hashes_or_tokens(client: Client, alice: APIClient, permission: str, text: str) -> None:
    looker = User.objects.create_user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename=permission))
    client.force_login(looker)
    hashed = user_of("alice").password

    for page in ("change", "history"):
        response = client.get(page_of("alice", page))
        assert response.status_code == 200
        for part in hashed.split("$"):
            assertNotContains(response, part)
    assertContains(client.get(page_of("alice")), f'<div class="readonly">{text}</div>', html=True)


def test_who_has_no_password_is_told_so(admin_client: Client, db: None) -> None:
    User.objects.create_user("robot")

    page = admin_client.get(page_of("robot"))

    assertContains(page, '<div class="readonly">Not set (<a href="../password/">change</a>)</div>', html=True)


@pytest.mark.parametrize(
    "path",
    [
        f"{USERS}?password__startswith=argon2",
        "/admin/accounts/session/?user__password__startswith=argon2",
        "/admin/expenses/expense/?owner__password__startswith=argon2",
        "/admin/expenses/budget/?owner__password__startswith=argon2",
    ],
)
def test_no_filter_guesses_at_hashes(admin_client: Client, path: str) -> None:
    assert admin_client.get(path).status_code == 400


def test_a_password_set_by_staff_logs_in_with_argon2(
    admin_client: Client, alice: APIClient, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = ["accounts.hashers.BoundedArgon2PasswordHasher"]
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    response = admin_client.post(page_of("alice", "password"), form)

    assertRedirects(response, page_of("alice"))
    assert user_of("alice").password.startswith("argon2$argon2id$")
    assert login_status("alice", NEW_PASSWORD) == 200
    assert alice.get("/api/me").status_code == 401
    assert history("alice") == [("admin", "Changed password.")]


def test_the_password_form_takes_no_password_away(admin_client: Client, alice: APIClient) -> None:
    form = {"usable_password": "false", "unset-password": "1"}

    assertNotContains(admin_client.get(page_of("alice", "password")), 'name="usable_password"')
    response = admin_client.post(page_of("alice", "password"), form)

    assert response.context["form"].errors.keys() == {"password1", "password2"}
    assert login_status("alice", PASSWORD) == 200


def test_all_sessions_of_users_are_ended_at_once(admin_client: Client, alice: APIClient, bob: APIClient) -> None:
    alice.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"})

    assert act(admin_client, "end_sessions", "alice") == ["2 sessions of 1 users ended."]

    assert alice.get("/api/me").status_code == 401
    assert bob.get("/api/me").status_code == 200
    assert login_status("alice", PASSWORD) == 200
    assert history("alice") == [("admin", "Ended all sessions.")]
    assert history("bob") == []


def test_users_are_deactivated_with_their_sessions(
    admin_client: Client, alice: APIClient, bob: APIClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "expense_tracker.security"):
        assert act(admin_client, "deactivate", "alice") == ["1 users deactivated."]

    assert alice.get("/api/me").status_code == 401
    assert login_status("alice", PASSWORD) == 401
    assert bob.get("/api/me").status_code == 200
    assert history("alice") == [("admin", "Deactivated.")]
    assert {"user deactivated", "session revoked"} <= set(caplog.messages)
    # Let in again, nobody gets an old session back.
    User.objects.update(is_active=True)
    assert alice.get("/api/me").status_code == 401
    assert login_status("alice", PASSWORD) == 200


def test_the_form_deactivates_with_the_sessions_too(admin_client: Client, alice: APIClient) -> None:
    admin_client.post(page_of("alice"), {"username": "alice"})

    User.objects.update(is_active=True)
    assert alice.get("/api/me").status_code == 401


def test_nobody_deactivates_themselves(admin_client: Client, alice: APIClient) -> None:
    messages = act(admin_client, "deactivate", "admin", "alice")

    assert messages == ["1 users deactivated.", "Nobody deactivates themselves, and only a superuser staff."]
    assert user_of("admin").is_active
    assert not user_of("alice").is_active
    assert history("admin") == []


@pytest.mark.parametrize("above", [{"is_superuser": True, "is_staff": True}, {"is_staff": True}])
def test_only_a_superuser_deactivates_staff(clerk: Client, above: dict[str, Any]) -> None:
    User.objects.create_user("boss", **above)

    messages = act(clerk, "deactivate", "boss", "clerk")

    assert messages == ["0 users deactivated.", "Nobody deactivates themselves, and only a superuser staff."]
    assert User.objects.filter(is_active=True).count() == 2


@pytest.mark.parametrize("number", [3, 60])
@pytest.mark.parametrize("action", ["deactivate", "end_sessions"])
def test_an_action_needs_no_query_for_a_single_user(
    admin_client: Client, django_assert_max_num_queries: Callable[..., Any], action: str, number: int
) -> None:
    users = [User.objects.create_user(f"person{index}") for index in range(number)]
    form = {"action": action, "_selected_action": [str(user.pk) for user in users]}

    with django_assert_max_num_queries(30):
        admin_client.post(USERS, form)

    assert LogEntry.objects.count() == number


@pytest.mark.parametrize("page", ["change", "password", "delete"])
@pytest.mark.parametrize("above", [{"is_superuser": True, "is_staff": True}, {"is_staff": True}])
def test_whoever_may_change_users_does_not_reach_staff(clerk: Client, above: dict[str, Any], page: str) -> None:
    boss = User.objects.create_user("boss", PASSWORD, **above)
    form = {"username": "mine", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "post": "yes"}

    assert clerk.post(page_of("boss", page), form).status_code == 403

    boss.refresh_from_db()
    assert boss.username == "boss"
    assert boss.check_password(PASSWORD)


def test_staff_are_not_deleted_among_others(clerk: Client, alice: APIClient) -> None:
    User.objects.create_user("boss", is_staff=True)
    selected = [str(pk) for pk in User.objects.values_list("pk", flat=True)]
    form = {"action": "delete_selected", "_selected_action": selected}

    assertContains(clerk.post(USERS, form), "Cannot delete users")
    assert clerk.post(USERS, form | {"post": "yes"}).status_code == 403

    assert User.objects.count() == 3


def test_whoever_may_change_users_gives_no_permission(clerk: Client, alice: APIClient) -> None:
    group = Group.objects.create(name="Bosses")
    form = {
        "username": "Alice",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "groups": str(group.pk),
        "user_permissions": str(Permission.objects.earliest("pk").pk),
    }

    response = clerk.post(page_of("alice"), form)

    assertRedirects(response, USERS)
    alices = user_of("Alice")
    assert (alices.is_staff, alices.is_superuser) == (False, False)
    assert not alices.groups.exists()
    assert not alices.user_permissions.exists()


def test_a_superuser_gives_permissions(admin_client: Client, alice: APIClient) -> None:
    group = Group.objects.create(name="Bosses")

    admin_client.post(
        page_of("alice"), {"username": "alice", "is_active": "on", "is_staff": "on", "groups": str(group.pk)}
    )

    assert user_of("alice").is_staff
    assert list(user_of("alice").groups.all()) == [group]


@pytest.mark.parametrize("number", [3, 60])
@pytest.mark.parametrize("how", ["one", "action"])
def test_what_goes_with_a_user_is_counted_and_not_listed(
    admin_client: Client, alice: APIClient, django_assert_num_queries: Callable[..., Any], how: str, number: int
) -> None:
    alice.post("/api/expenses/bulk", {"create": [{"amount": 1, "category": "Food"}] * number})
    path = page_of("alice", "delete")
    form = {"action": "delete_selected", "_selected_action": [str(user_of("alice").pk)]}

    # session, user, the user, counts of sessions, expenses and budgets; for the list two counts and twice the groups
    with django_assert_num_queries(6 if how == "one" else 10):
        response = admin_client.get(path) if how == "one" else admin_client.post(USERS, form)

    counts = {"users": 1, "sessions": 1, "expenses": number, "budgets": 0}
    assert dict(response.context["model_count"]) == counts
    for name, count in counts.items():
        assertContains(response, f"<li>{name.capitalize()}: {count}</li>", html=True)
    assertNotContains(response, "Food")
