from django.db import migrations

# Users without a revision counter have written nothing yet.
COUNT = """
    UPDATE accounts_ledger SET expense_count = (
        SELECT COUNT(*) FROM expenses_expense
        WHERE expenses_expense.owner_id = accounts_ledger.user_id AND expenses_expense.deleted_at IS NULL
    )
"""


class Migration(migrations.Migration):
    dependencies = [("expenses", "0007_external_id"), ("accounts", "0006_expense_count")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
