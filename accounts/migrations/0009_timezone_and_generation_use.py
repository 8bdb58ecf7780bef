from django.db import migrations, models

import accounts.models.user


def mark_generations_as_used(apps, schema_editor):
    """Nobody knows whether the tokens of existing sessions were used: assume it, which is the stricter rule."""
    apps.get_model("accounts", "Session").objects.update(generation_used_at=models.F("rotated_at"))


class Migration(migrations.Migration):

    dependencies = [("accounts", "0008_password_logins_left")]

    operations = [
        migrations.AddField(
            "user",
            "timezone",
            models.CharField(
                max_length=64,
                default="UTC",
                db_default="UTC",
                validators=[accounts.models.user.validate_timezone],
                help_text="IANA name.",
            ),
        ),
        migrations.AddField(
            "session",
            "generation_used_at",
            models.DateTimeField(
                null=True, blank=True, help_text="When a token of this generation was first used."
            ),
        ),
        migrations.RunPython(mark_generations_as_used, migrations.RunPython.noop),
    ]
