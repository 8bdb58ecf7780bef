from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = {
    'Support': ['view_user', 'view_session', 'end_session', 'view_expense'],
    'Finance': ['view_expense', 'export_expense', 'view_budget'],
}


def permissions_of(apps, codenames):
    return apps.get_model('auth', 'Permission').objects.filter(
        content_type__app_label__in=['accounts', 'expenses'], codename__in=codenames
    )


def make_groups(apps, schema_editor):
    # Permissions are otherwise made when all migrations are through.
    for label in ('accounts', 'expenses'):
        create_permissions(installed_apps.get_app_config(label), verbosity=0, apps=apps)
    for name, codenames in ROLES.items():
        group, _ = apps.get_model('auth', 'Group').objects.get_or_create(name=name)
        group.permissions.add(*permissions_of(apps, codenames))


def unmake_groups(apps, schema_editor):
    for name, codenames in ROLES.items():
        for group in apps.get_model('auth', 'Group').objects.filter(name=name):
            group.permissions.remove(*permissions_of(apps, codenames))
            # A group of that name may have been there before, for more than this.
            if not group.permissions.exists() and not group.user_set.exists():
                group.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_end_session_permission'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('expenses', '0005_export_permission'),
    ]

    operations = [migrations.RunPython(make_groups, unmake_groups)]
