"""What the database holds before anything is measured.

Those who are measured come into being as everybody does, by the project's own code. The other users' rows, up to
millions of them, are made by PostgreSQL itself, with the texts that the project's own code derives.
"""

import secrets
from datetime import timedelta

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from accounts.actions import open_session, register
from accounts.tokens import AccessToken
from benchmarks.kinds import Person
from expense_tracker.dates import today
from expense_tracker.text import fold
from expenses.actions import create_expenses
from expenses.models import Expense
from expenses.models.expense import search_prefix

EXPENSES_EACH = 50
# Of each other user.
OTHERS_EACH = 1000
TEXTS = (
    ("Food", "Lunch with team members"),
    ("Transport", "Train to the customer"),
    ("Rent", "The flat, with heating"),
)

OTHER_USERS = """
    WITH users AS (
        INSERT INTO accounts_user
            (username, username_key, password, is_superuser, is_staff, is_active, date_joined)
        SELECT 'other-' || n, 'other-' || n, '!', FALSE, FALSE, TRUE, now() FROM generate_series(1, %(users)s) AS n
        RETURNING id
    ), ledgers AS (
        INSERT INTO accounts_ledger (user_id, revision, expense_count)
        SELECT id, 1 + %(expenses)s / %(users)s, %(expenses)s / %(users)s FROM users
    )
    SELECT min(id) FROM users
"""
# In the order of time, as they would have come: row by row, each is somebody else's.
OTHER_EXPENSES = """
    INSERT INTO expenses_expense
        (owner_id, amount, category, description, date, created_at, updated_at, revision, search_text)
    SELECT %(first)s + n %% %(users)s, 100 + n %% 20000, (%(categories)s::text[])[1 + n %% %(texts)s],
        (%(descriptions)s::text[])[1 + n %% %(texts)s], current_date - 700 + (700 * n / %(expenses)s)::int,
        now(), now(), 1 + n / %(users)s, (%(search_texts)s::text[])[1 + n %% %(texts)s]
    FROM generate_series(0::bigint, %(expenses)s - 1) AS n
"""


def is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone() is None


def make_tables() -> None:
    call_command("migrate", verbosity=0)


def make_person(name: str) -> Person:
    """A user who is logged in and has EXPENSES_EACH expenses, one a day until today."""
    password = secrets.token_urlsafe()
    user = register(username=name, password=password)
    session = open_session(user=user, user_agent="benchmark")
    texts = [TEXTS[day % len(TEXTS)] for day in range(EXPENSES_EACH)]
    expenses = create_expenses(
        owner=user,
        expenses=[
            Expense(
                amount=100 + 37 * day, category=category, description=description, date=today() - timedelta(days=day)
            )
            for day, (category, description) in enumerate(texts)
        ],
    )
    expense_ids = tuple(expense.pk for expense in expenses)
    return Person(user.pk, name, password, str(AccessToken.for_session(session)), expense_ids, expenses[-1].revision)


def copy_database(url: str, name: str) -> str:
    """Answers the URL of a copy, made while there is little to copy. Ids are the same in it, so tokens hold there."""
    connections.close_all()  # a database that somebody is connected to is not copied
    parameters = conninfo_to_dict(url)
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        names = sql.Identifier(name), sql.Identifier(str(parameters["dbname"]))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    return f"{url.rpartition('/')[0]}/{name}"


def add_others(url: str, expenses: int) -> None:
    """Adds so many expenses of other users, OTHERS_EACH for each of them."""
    users = max(1, expenses // OTHERS_EACH)
    categories, descriptions = [text[0] for text in TEXTS], [text[1] for text in TEXTS]
    search_texts = [search_prefix(category) + fold(description) for category, description in TEXTS]
    with psycopg.connect(url, autocommit=True) as connection:
        if expenses:
            # The owners were made a statement ago: looking each of them up again takes longer than all the rest.
            connection.execute("SET session_replication_role = replica")
            made = connection.execute(OTHER_USERS, {"users": users, "expenses": expenses}).fetchone()
            parameters = {"first": made[0] if made else None, "users": users, "expenses": expenses, "texts": len(TEXTS)}
            arrays = {"categories": categories, "descriptions": descriptions, "search_texts": search_texts}
            connection.execute(OTHER_EXPENSES, parameters | arrays)
        # Or PostgreSQL would do it some time later, while something is measured.
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
