"""The groups Support and Finance, which a migration makes."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.models import User

roles: Any = import_module("expenses.migrations.0006_roles")
restoring: Any = import_module("expenses.migrations.0011_restore_permission")
FIRST_SUPPORT = {"accounts.view_user", "accounts.view_session", "accounts.end_session", "expenses.view_expense"}
SUPPORT = FIRST_SUPPORT | {"expenses.restore_expense", "admin.view_logentry"}
FINANCE = {"expenses.view_expense", "expenses.export_expense", "expenses.view_budget"}


def permissions(name: str) -> set[str]:
    """What somebody of the group may do."""
    user = User.objects.create_user(f"somebody of {name}")
    user.groups.add(Group.objects.get(name=name))
    return user.get_all_permissions()


@pytest.mark.usefixtures("groups")
def test_new_database_has_both_groups() -> None:
    assert permissions("Support") == SUPPORT
    assert permissions("Finance") == FINANCE


@pytest.mark.django_db
def test_missing_permissions_are_created() -> None:
    Group.objects.all().delete()
    Permission.objects.all().delete()

    roles.make_groups(apps, None)
    restoring.let_support_restore(apps, None)

    assert permissions("Support") == SUPPORT
    assert permissions("Finance") == FINANCE


@pytest.mark.usefixtures("groups")
def test_existing_group_keeps_its_permissions() -> None:
    group = Group.objects.get(name="Support")
    group.permissions.set(Permission.objects.filter(codename__in=["view_group", "view_user"]))

    roles.make_groups(apps, None)

    assert permissions("Support") == FIRST_SUPPORT | {"auth.view_group"}
    assert Group.objects.filter(name="Support").count() == 1


@pytest.mark.usefixtures("groups")
def test_deleted_group_is_not_created_again() -> None:
    Group.objects.get(name="Support").delete()

    restoring.let_support_restore(apps, None)

    assert not Group.objects.filter(name="Support").exists()


@pytest.mark.usefixtures("groups")
def test_reverse_migration_keeps_groups_in_use() -> None:
    Group.objects.get(name="Support").permissions.add(Permission.objects.get(codename="view_group"))

    restoring.do_not_let_support_restore(apps, None)
    roles.unmake_groups(apps, None)

    assert permissions("Support") == {"auth.view_group"}
    assert not Group.objects.filter(name="Finance").exists()


@pytest.mark.django_db(transaction=True)
def test_migration_is_reversible() -> None:
    call_command("migrate", "expenses", "0005", verbosity=0)
    assert not Group.objects.exists()
    call_command("migrate", "expenses", verbosity=0)

    assert permissions("Support") == SUPPORT
    assert permissions("Finance") == FINANCE
