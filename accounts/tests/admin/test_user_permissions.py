"""/admin/accounts/user/: what staff may do to users and to other staff"""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.admin.users import NEW_PASSWORD, USERS, page_of, user_of
from expense_tracker.tests.people import PASSWORD


@pytest.mark.parametrize("page", ["change", "password", "delete"])
@pytest.mark.parametrize("above", [{"is_superuser": True, "is_staff": True}, {"is_staff": True}])
def test_permission_to_change_users_does_not_cover_staff(clerk: Client, above: dict[str, Any], page: str) -> None:
    boss = User.objects.create_user("boss", PASSWORD, **above)
    form = {"username": "mine", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "post": "yes"}

    assert clerk.post(page_of("boss", page), form).status_code == 403

    boss.refresh_from_db()
    assert boss.username == "boss"
    assert boss.check_password(PASSWORD)


def test_bulk_deletion_with_staff_in_it_is_refused(clerk: Client, alice: APIClient) -> None:
    User.objects.create_user("boss", is_staff=True)
    selected = [str(pk) for pk in User.objects.values_list("pk", flat=True)]
    form = {"action": "delete_selected", "_selected_action": selected}

    assertContains(clerk.post(USERS, form), "Cannot delete users")
    assert clerk.post(USERS, form | {"post": "yes"}).status_code == 403

    assert User.objects.count() == 3


def test_permission_to_change_users_grants_no_permissions(clerk: Client, alice: APIClient) -> None:
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


def test_superuser_grants_permissions(admin_client: Client, alice: APIClient) -> None:
    group = Group.objects.create(name="Bosses")

    admin_client.post(
        page_of("alice"), {"username": "alice", "is_active": "on", "is_staff": "on", "groups": str(group.pk)}
    )

    assert user_of("alice").is_staff
    assert list(user_of("alice").groups.all()) == [group]
