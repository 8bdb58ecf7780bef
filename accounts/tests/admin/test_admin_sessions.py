"""/admin/accounts/adminsession/: who is logged in to the admin."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import AdminSession, User

SESSIONS, INDEX, LOGIN = "/admin/accounts/adminsession/", "/admin/", "/admin/login/"


@pytest.fixture
def sarah(db: None) -> User:
    return User.objects.create_user("sarah", is_staff=True)


@pytest.fixture
def staff(sarah: User) -> Client:
    client = Client()
    client.force_login(sarah)
    return client


def of(user: User) -> AdminSession:
    return AdminSession.objects.get(user=user)


def unused_for(user: User, **time: float) -> None:
    AdminSession.objects.filter(user=user).update(expire_date=timezone.now() + timedelta(hours=8) - timedelta(**time))


def is_logged_in(client: Client) -> bool:
    return client.get(INDEX).status_code == 200


def test_superusers_see_who_is_logged_in_and_end_it(admin_client: Client, staff: Client, sarah: User) -> None:
    response = admin_client.get(SESSIONS)
    assert {session.user.username for session in response.context["cl"].result_list} == {"admin", "sarah"}

    form = {"action": "end", "_selected_action": of(sarah).pk}
    response = admin_client.post(SESSIONS, form, follow=True)

    assertContains(response, "1 session ended.")
    assertRedirects(staff.get(INDEX), f"{LOGIN}?next={INDEX}")
    assert is_logged_in(admin_client)
    assert LogEntry.objects.get(object_id=sarah.pk).change_message == "Ended sessions of the admin."


def test_the_key_of_a_session_is_neither_stored_nor_shown(admin_client: Client, staff: Client) -> None:
    key = staff.cookies["sessionid"].value

    assert not AdminSession.objects.filter(session_key=key).exists()
    assertNotContains(admin_client.get(SESSIONS), key)
    client = Client()
    client.cookies["sessionid"] = AdminSession.objects.get(user__username="sarah").session_key
    assert not is_logged_in(client)


@pytest.mark.usefixtures("groups")
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_do_not_see_them(staff: Client, sarah: User, method: str) -> None:
    sarah.groups.set(Group.objects.all())

    form = {"action": "end", "_selected_action": of(sarah).pk}
    assert getattr(staff, method)(SESSIONS, form).status_code == 403
    assert is_logged_in(staff)


@pytest.mark.parametrize(("hours", "logged_in"), [(7.9, True), (8.1, False)])
def test_a_session_ends_after_eight_hours_without_use(
    staff: Client, sarah: User, *, hours: float, logged_in: bool
) -> None:
    unused_for(sarah, hours=hours)

    assert is_logged_in(staff) == logged_in


def test_use_is_noted_every_five_minutes(
    staff: Client, sarah: User, django_assert_num_queries: Callable[..., Any]
) -> None:
    began = of(sarah).created_at
    unused_for(sarah, minutes=4)
    with django_assert_num_queries(2):  # session, user
        staff.get("/admin/jsi18n/")
    unused_for(sarah, minutes=6)

    response = staff.get("/admin/jsi18n/")

    assert response.cookies["sessionid"]["max-age"] == 8 * 3600
    assert timezone.now() + timedelta(hours=7.99) < of(sarah).expire_date <= timezone.now() + timedelta(hours=8)
    assert of(sarah).created_at == began


def test_a_log_in_has_a_row_of_its_own_that_logging_out_deletes(sarah: User) -> None:
    client = Client()
    sarah.set_password("x")
    sarah.save()
    client.get(LOGIN)
    client.post(LOGIN, {"username": "sarah", "password": "x", "next": INDEX})
    assert of(sarah).user == sarah

    client.post("/admin/logout/")

    assert not AdminSession.objects.filter(user=sarah).exists()


def test_sessions_go_with_their_user(staff: Client, sarah: User) -> None:
    sarah.delete()

    assert not AdminSession.objects.exists()
    assert not is_logged_in(staff)
