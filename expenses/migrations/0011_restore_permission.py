from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

SUPPORT = {'expenses': 'restore_expense', 'admin': 'view_logentry'}


def permissions_of(apps):
    permissions = apps.get_model('auth', 'Permission').objects
    return [
        permissions.get(content_type__app_label=label, codename=codename) for label, codename in SUPPORT.items()
    ]


def let_support_restore(apps, schema_editor):
    # Permissions are otherwise made when all migrations are through.
    for label in SUPPORT:
        create_permissions(installed_apps.get_app_config(label), verbosity=0, apps=apps)
    # Whoever has renamed or deleted the group has roles of their own.
    for group in apps.get_model('auth', 'Group').objects.filter(name='Support'):
        group.permissions.add(*permissions_of(apps))


def do_not_let_support_restore(apps, schema_editor):
    for group in apps.get_model('auth', 'Group').objects.filter(name='Support'):
        group.permissions.remove(*permissions_of(apps))


class Migration(migrations.Migration):

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('expenses', '0010_import_permission'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='expense',
            options={
                'ordering': ['-date', '-id'],
                'permissions': [
                    ('export_expense', 'Can export expenses'),
                    ('import_expense', 'Can import expenses'),
                    ('restore_expense', 'Can restore expenses'),
                ],
            },
        ),
        migrations.RunPython(let_support_restore, do_not_let_support_restore),
    ]
