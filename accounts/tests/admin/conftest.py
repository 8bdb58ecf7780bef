"""Fixtures for the tests of the admin of accounts."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User


@pytest.fixture
def clerk(client: Client, db: None) -> Client:
    """A member of staff with every permission of accounts, but no superuser."""
    user = User.objects.create_user("clerk", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(user)
    return client
