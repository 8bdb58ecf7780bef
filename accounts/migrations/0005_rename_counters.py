from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two models have other names; their tables keep theirs."""

    dependencies = [("accounts", "0004_end_session_permission")]

    operations = [
        migrations.AlterModelTable("ledger", "accounts_ledger"),
        migrations.RenameModel("Ledger", "RevisionCounter"),
        migrations.AlterModelTable("counter", "accounts_counter"),
        migrations.RenameModel("Counter", "RateCounter"),
        migrations.AlterField(
            "revisioncounter",
            "user",
            models.OneToOneField(
                on_delete=models.deletion.CASCADE,
                primary_key=True,
                related_name="revision_counter",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
