from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('expenses', '0009_fold_accents'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='expense',
            options={
                'ordering': ['-date', '-id'],
                'permissions': [
                    ('export_expense', 'Can export expenses'),
                    ('import_expense', 'Can import expenses'),
                ],
            },
        ),
    ]
