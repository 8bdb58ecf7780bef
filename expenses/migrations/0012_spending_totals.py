from django.db import migrations, models

import expense_tracker.db.fields

# A migration that makes SQLite's table of expenses anew, as most changes of a field or constraint do, drops its triggers:
# it must create them again.
POSTGRESQL = """
    CREATE FUNCTION expenses_add_to_totals() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND (OLD.date, OLD.category) = (NEW.date, NEW.category)
        AND OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL THEN
            INSERT INTO expenses_spendingtotal (date, category, count, total)
            VALUES (NEW.date, NEW.category, 0, NEW.amount - OLD.amount);
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' AND OLD.deleted_at IS NULL THEN
            INSERT INTO expenses_spendingtotal (date, category, count, total)
            VALUES (OLD.date, OLD.category, -1, -OLD.amount);
        END IF;
        IF TG_OP <> 'DELETE' AND NEW.deleted_at IS NULL THEN
            INSERT INTO expenses_spendingtotal (date, category, count, total)
            VALUES (NEW.date, NEW.category, 1, NEW.amount);
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER expenses_created AFTER INSERT ON expenses_expense
    FOR EACH ROW WHEN (NEW.deleted_at IS NULL) EXECUTE FUNCTION expenses_add_to_totals();
    CREATE TRIGGER expenses_changed AFTER UPDATE ON expenses_expense
    FOR EACH ROW WHEN (
        (OLD.date, OLD.category, OLD.amount, OLD.deleted_at IS NULL)
        IS DISTINCT FROM (NEW.date, NEW.category, NEW.amount, NEW.deleted_at IS NULL)
    ) EXECUTE FUNCTION expenses_add_to_totals();
    CREATE TRIGGER expenses_erased AFTER DELETE ON expenses_expense
    FOR EACH ROW WHEN (OLD.deleted_at IS NULL) EXECUTE FUNCTION expenses_add_to_totals()
"""
SQLITE = (
    """
    CREATE TRIGGER expenses_created AFTER INSERT ON expenses_expense WHEN NEW.deleted_at IS NULL BEGIN
        INSERT INTO expenses_spendingtotal (date, category, count, total)
        VALUES (NEW.date, NEW.category, 1, NEW.amount);
    END
    """,
    """
    CREATE TRIGGER expenses_changed AFTER UPDATE ON expenses_expense
    WHEN (OLD.date, OLD.category, OLD.amount, OLD.deleted_at IS NULL)
    IS NOT (NEW.date, NEW.category, NEW.amount, NEW.deleted_at IS NULL) BEGIN
        INSERT INTO expenses_spendingtotal (date, category, count, total)
        SELECT OLD.date, OLD.category, -1, -OLD.amount WHERE OLD.deleted_at IS NULL;
        INSERT INTO expenses_spendingtotal (date, category, count, total)
        SELECT NEW.date, NEW.category, 1, NEW.amount WHERE NEW.deleted_at IS NULL;
    END
    """,
    """
    CREATE TRIGGER expenses_erased AFTER DELETE ON expenses_expense WHEN OLD.deleted_at IS NULL BEGIN
        INSERT INTO expenses_spendingtotal (date, category, count, total)
        VALUES (OLD.date, OLD.category, -1, -OLD.amount);
    END
    """,
)
# Months before the last one are kept as a whole.
DAY = {
    "postgresql": """
        CASE WHEN date < date_trunc('month', current_date - 31)
        THEN date_trunc('month', date)::date ELSE date END
    """,
    "sqlite": """
        CASE WHEN date < date('now', '-31 days', 'start of month')
        THEN date(date, 'start of month') ELSE date END
    """,
}
ADD_UP = """
    INSERT INTO expenses_spendingtotal (date, category, count, total)
    SELECT {day}, category, COUNT(*), SUM(amount) FROM expenses_expense WHERE deleted_at IS NULL GROUP BY 1, 2
"""


def create_triggers(apps, schema_editor):
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == 'postgresql' else SQLITE:
        schema_editor.execute(statement)


def add_up(apps, schema_editor):
    # After the triggers, which let no writer in until the transaction ends.
    schema_editor.execute(ADD_UP.format(day=DAY[schema_editor.connection.vendor]))


def drop_triggers(apps, schema_editor):
    on_table = ' ON expenses_expense' if schema_editor.connection.vendor == 'postgresql' else ''
    for name in ('created', 'changed', 'erased'):
        schema_editor.execute(f'DROP TRIGGER expenses_{name}{on_table}')
    if on_table:
        schema_editor.execute('DROP FUNCTION expenses_add_to_totals')


class Migration(migrations.Migration):

    dependencies = [
        ('expenses', '0011_restore_permission'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpendingTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(help_text='Of a month that is over: its first day.')),
                ('category', expense_tracker.db.fields.CodePointCharField(max_length=40)),
                ('count', models.IntegerField(default=0, help_text='Below 0 where expenses left.')),
                ('total', models.BigIntegerField(default=0, help_text='In cents; below 0 where expenses left.')),
            ],
        ),
        migrations.RunPython(create_triggers, drop_triggers),
        migrations.RunPython(add_up, migrations.RunPython.noop),
    ]
