"""/admin/accounts/user/: the list, and adding and renaming users"""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.admin.users import USERS, login_status
from expense_tracker.tests.people import PASSWORD

TAKEN = ["A user with that username already exists."]


def usernames(response: Any) -> list[str]:
    return [user.username for user in response.context["cl"].result_list]


def test_list_counts_live_expenses(admin_client: Client, alice: APIClient) -> None:
    first, *_ = [alice.post("/api/expenses", {"amount": 2500, "category": "Food"}).json()["id"] for _ in range(3)]
    alice.delete(f"/api/expenses/{first}")

    response = admin_client.get(USERS)

    assert response.context["cl"].list_display == [
        "action_checkbox",
        "username",
        "number_of_expenses",
        "date_joined",
        "last_login",
        "is_active",
        "is_staff",
    ]
    assert usernames(response) == ["admin", "alice"]
    assertContains(response, '<td class="field-number_of_expenses">0</td>', html=True, count=1)
    assertContains(response, '<td class="field-number_of_expenses">2</td>', html=True, count=1)


@pytest.mark.parametrize("term", ["jürg", "JÜRGEN", "Ju\u0308rgen", "\uff4aürgen"])
def test_search_matches_part_of_the_name_in_any_case_and_width(admin_client: Client, term: str) -> None:
    User.objects.create_user("Jürgen")

    assert usernames(admin_client.get(USERS, {"q": term})) == ["Jürgen"]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"is_active__exact": "0"}, ["gone"]),
        ({"is_staff__exact": "1"}, ["admin", "clerk"]),
        ({"is_superuser__exact": "1"}, ["admin"]),
        ({"date_joined__gte": "2026-01-01 00:00:00+00:00"}, ["admin", "clerk"]),
        ({"date_joined__year": "2024", "date_joined__month": "2"}, ["gone"]),
    ],
)
def test_users_are_filtered(admin_client: Client, parameters: dict[str, str], found: list[str]) -> None:
    User.objects.create_user("clerk", is_staff=True)
    User.objects.create_user("gone", is_active=False, date_joined="2024-02-29T12:00:00Z")

    assert usernames(admin_client.get(USERS, parameters)) == found


def test_list_links_to_years_with_new_users(admin_client: Client) -> None:
    User.objects.create_user("early", date_joined="2024-02-29T12:00:00Z")

    assertContains(admin_client.get(USERS), 'href="?date_joined__year=2024"')


def test_added_user_can_log_in(admin_client: Client) -> None:
    form = {"username": "Carol", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post(f"{USERS}add/", form)

    carol = User.objects.get(username="Carol")
    assertRedirects(response, f"{USERS}{carol.pk}/change/")
    assert login_status("carol", PASSWORD) == 200


@pytest.mark.parametrize("username", ["alice", "ALICE", "\uff41lice"])
def test_taken_name_cannot_be_added(admin_client: Client, alice: APIClient, username: str) -> None:
    form = {"username": username, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post(f"{USERS}add/", form)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {"username": TAKEN}
    assert User.objects.count() == 2


def test_page_has_these_fields(admin_client: Client, admin_user: User) -> None:
    response = admin_client.get(f"{USERS}{admin_user.pk}/change/")

    shown = [field for fieldset in response.context["adminform"] for line in fieldset for field in line.fields]
    assert shown == [
        "username",
        "password_and_form",
        "second_factor_state",
        "their_expenses",
        "their_budgets",
        "their_sessions",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "user_permissions",
        "last_login",
        "date_joined",
    ]


def test_renamed_user_logs_in_with_the_new_name_in_any_case(admin_client: Client, alice: APIClient) -> None:
    user = User.objects.get(username="alice")

    response = admin_client.post(f"{USERS}{user.pk}/change/", {"username": "ÄNNE", "is_active": "on"})

    assertRedirects(response, USERS)
    assert [login_status(name, PASSWORD) for name in ("änne", "alice")] == [200, 401]


@pytest.mark.parametrize("username", ["bob", "BOB", "\uff42ob"])
def test_user_cannot_be_renamed_to_a_taken_name(
    admin_client: Client, alice: APIClient, bob: APIClient, username: str
) -> None:
    user = User.objects.get(username="alice")

    response = admin_client.post(f"{USERS}{user.pk}/change/", {"username": username, "is_active": "on"})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {"username": TAKEN}
    user.refresh_from_db()
    assert user.username_key == "alice"


def test_case_of_a_name_can_be_changed(admin_client: Client, alice: APIClient) -> None:
    user = User.objects.get(username="alice")

    admin_client.post(f"{USERS}{user.pk}/change/", {"username": "Alice", "is_active": "on"})

    user.refresh_from_db()
    assert (user.username, user.username_key) == ("Alice", "alice")


@pytest.mark.parametrize("username", ["Root", "rOOT", "\uff52oot"])
def test_superuser_logs_in_to_the_admin_in_any_case_and_width(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="Root", interactive=False, verbosity=0)

    response = client.post("/admin/login/?next=/admin/", {"username": username, "password": PASSWORD})

    assertRedirects(response, "/admin/")
