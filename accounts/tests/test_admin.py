"""/admin/accounts/user/: staff look after users."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expense_tracker.tests.people import PASSWORD

USERS = "/admin/accounts/user/"
NEW_PASSWORD = "AnotherPassword456!"
TAKEN = ["A user with that username already exists."]


def usernames(response: Any) -> list[str]:
    return [user.username for user in response.context["cl"].result_list]


def login_status(username: str, password: str) -> int:
    return APIClient().post("/api/login", {"username": username, "password": password}).status_code


def test_the_list_shows_who_joined_when_and_how_many_expenses_they_keep(admin_client: Client, alice: APIClient) -> None:
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
def test_users_are_found_by_a_part_of_the_name_however_it_is_written(admin_client: Client, term: str) -> None:
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


def test_the_list_leads_to_the_years_in_which_users_joined(admin_client: Client) -> None:
    User.objects.create_user("early", date_joined="2024-02-29T12:00:00Z")

    assertContains(admin_client.get(USERS), 'href="?date_joined__year=2024"')


def test_a_user_who_is_added_can_log_in(admin_client: Client) -> None:
    form = {"username": "Carol", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post(f"{USERS}add/", form)

    carol = User.objects.get(username="Carol")
    assertRedirects(response, f"{USERS}{carol.pk}/change/")
    assert login_status("carol", PASSWORD) == 200


@pytest.mark.parametrize("username", ["alice", "ALICE", "\uff41lice"])
def test_a_name_that_is_taken_cannot_be_added(admin_client: Client, alice: APIClient, username: str) -> None:
    form = {"username": username, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = admin_client.post(f"{USERS}add/", form)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {"username": TAKEN}
    assert User.objects.count() == 2


def test_the_page_of_a_user_shows_the_dates_and_no_names_or_addresses(admin_client: Client, admin_user: User) -> None:
    response = admin_client.get(f"{USERS}{admin_user.pk}/change/")

    shown = [field for fieldset in response.context["adminform"] for line in fieldset for field in line.fields]
    assert shown == [
        "username",
        "password_and_form",
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


def test_a_user_who_is_renamed_logs_in_with_the_new_name_in_any_case(admin_client: Client, alice: APIClient) -> None:
    user = User.objects.get(username="alice")

    response = admin_client.post(f"{USERS}{user.pk}/change/", {"username": "ÄNNE", "is_active": "on"})

    assertRedirects(response, USERS)
    assert [login_status(name, PASSWORD) for name in ("änne", "alice")] == [200, 401]


@pytest.mark.parametrize("username", ["bob", "BOB", "\uff42ob"])
def test_nobody_is_given_a_name_that_is_taken(
    admin_client: Client, alice: APIClient, bob: APIClient, username: str
) -> None:
    user = User.objects.get(username="alice")

    response = admin_client.post(f"{USERS}{user.pk}/change/", {"username": username, "is_active": "on"})

    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {"username": TAKEN}
    user.refresh_from_db()
    assert user.username_key == "alice"


def test_the_case_of_ones_own_name_can_be_changed(admin_client: Client, alice: APIClient) -> None:
    user = User.objects.get(username="alice")

    admin_client.post(f"{USERS}{user.pk}/change/", {"username": "Alice", "is_active": "on"})

    user.refresh_from_db()
    assert (user.username, user.username_key) == ("Alice", "alice")


def test_the_password_form_sets_a_password(admin_client: Client, alice: APIClient) -> None:
    user = User.objects.get(username="alice")
    form = {"usable_password": "true", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    response = admin_client.post(f"{USERS}{user.pk}/password/", form)

    assertRedirects(response, f"{USERS}{user.pk}/change/")
    assert [login_status("alice", password) for password in (NEW_PASSWORD, PASSWORD)] == [200, 401]


@pytest.mark.parametrize("password", ["12345678", "alice123"])
def test_the_password_form_refuses_what_registration_refuses(
    admin_client: Client, alice: APIClient, password: str
) -> None:
    user = User.objects.get(username="alice")
    form = {"usable_password": "true", "password1": password, "password2": password}

    response = admin_client.post(f"{USERS}{user.pk}/password/", form)

    assert list(response.context["form"].errors) == ["password2"]
    assert login_status("alice", PASSWORD) == 200


def test_with_a_user_everything_of_theirs_is_deleted(admin_client: Client, alice: APIClient) -> None:
    expense = alice.post("/api/expenses", {"amount": 2500, "category": "Food"}).json()

    response = admin_client.post(f"{USERS}{expense['owner_id']}/delete/", {"post": "yes"})

    assertRedirects(response, USERS)
    assert not User.objects.filter(username="alice").exists()
    assert not RevisionCounter.objects.exists()
    assert alice.get("/api/expenses").status_code == 401


@pytest.mark.parametrize("username", ["Root", "rOOT", "\uff52oot"])
def test_the_account_of_createsuperuser_enters_the_admin(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="Root", interactive=False, verbosity=0)

    response = client.post("/admin/login/?next=/admin/", {"username": username, "password": PASSWORD})

    assertRedirects(response, "/admin/")
