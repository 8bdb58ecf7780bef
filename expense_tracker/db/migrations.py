"""Whether the database has the tables that the code expects."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def has_unapplied_migrations() -> bool:
    """Return whether `manage.py migrate` has something to do."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
