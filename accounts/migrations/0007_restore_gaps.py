from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What a counter skipped with each restore until now.
GAP = 1_000_000


def keep_last_gap(apps: Any, schema_editor: Any) -> None:
    """Until now a counter knew of its last restore only."""
    counters, gaps = apps.get_model("accounts", "RevisionCounter"), apps.get_model("accounts", "RestoreGap")
    gaps.objects.bulk_create(
        gaps(user_id=user_id, last_kept=first_new - GAP, first_new=first_new)
        for user_id, first_new in counters.objects.filter(restored_at__gt=0).values_list("user_id", "restored_at")
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_expense_count")]

    operations = [
        migrations.CreateModel(
            name="RestoreGap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_kept", models.BigIntegerField(help_text="The counter's revision in the backup.")),
                ("first_new", models.BigIntegerField(help_text="The counter's revision after the restore.")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep_last_gap, migrations.RunPython.noop),
    ]
