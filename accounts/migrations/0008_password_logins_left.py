from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_restore_gaps")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_logins_left",
            field=models.PositiveSmallIntegerField(
                editable=False, help_text="How often the password still logs in; null: as often as one likes.", null=True
            ),
        ),
    ]
