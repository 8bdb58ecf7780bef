"""/admin/accounts/user/{id}/password/"""

from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertNotContains, assertRedirects
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.admin.users import NEW_PASSWORD, USERS, history, login_status, page_of, user_of
from expense_tracker.tests.people import PASSWORD


def test_password_set_by_staff_uses_argon2_and_ends_all_sessions(
    admin_client: Client, alice: APIClient, bob: APIClient, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = ["accounts.hashers.BoundedArgon2PasswordHasher"]
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    response = admin_client.post(page_of("alice", "password"), form)

    assertRedirects(response, page_of("alice"))
    assert user_of("alice").password.startswith("argon2$argon2id$")
    assert [login_status("alice", password) for password in (NEW_PASSWORD, PASSWORD)] == [200, 401]
    assert [client.get("/api/me").status_code for client in (alice, bob)] == [401, 200]
    assert history("alice") == [("admin", "Changed password.")]


def test_password_form_cannot_remove_the_password(admin_client: Client, alice: APIClient) -> None:
    form = {"usable_password": "false", "unset-password": "1"}

    assertNotContains(admin_client.get(page_of("alice", "password")), 'name="usable_password"')
    response = admin_client.post(page_of("alice", "password"), form)

    assert response.context["form"].errors.keys() == {"password1", "password2"}
    assert login_status("alice", PASSWORD) == 200


@pytest.mark.parametrize("password", ["12345678", "alice123"])
def test_password_form_refuses_what_registration_refuses(admin_client: Client, alice: APIClient, password: str) -> None:
    user = User.objects.get(username="alice")
    form = {"usable_password": "true", "password1": password, "password2": password}

    response = admin_client.post(f"{USERS}{user.pk}/password/", form)

    assert list(response.context["form"].errors) == ["password2"]
    assert login_status("alice", PASSWORD) == 200
