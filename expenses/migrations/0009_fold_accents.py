import re
from itertools import count
from typing import Any

from django.db import migrations, transaction
from django.utils import timezone

from expense_tracker.text import fold

CHUNK = 1000
# Folding changes, and other spaces are, nothing but such text.
NON_ASCII = "[^\x01-\x7f]"
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def rewrite(apps: Any, schema_editor: Any) -> None:
    """Fold accents and joiners in what is searched, and make plain spaces of all others, since no request can name a
    category that has one any more.

    The rows of one owner at a time: their revision counter is locked, as with every write. Each chunk is a transaction,
    and to begin again does no harm."""
    expenses = apps.get_model("expenses", "Expense").objects.filter(search_text__regex=NON_ASCII)
    for owner_id in list(expenses.order_by("owner_id").values_list("owner_id", flat=True).distinct()):
        last: int | None = 0
        while last is not None:
            with transaction.atomic():
                last = rewrite_chunk(apps, owner_id, expenses.filter(pk__gt=last).order_by("pk"))
    budgets = apps.get_model("expenses", "Budget").objects.filter(category__regex=NON_ASCII)
    for budget in list(budgets.order_by("owner_id", "pk")):
        if SPACES.search(budget.category):
            with transaction.atomic():
                rewrite_budget(apps, budget)


def allocate(apps: Any, owner_id: int) -> count:
    """Lock the revision counter of the owner, and return the revisions that follow."""
    counters = apps.get_model("accounts", "RevisionCounter").objects.select_for_update()
    return count(counters.get(pk=owner_id).revision + 1)


def rewrite_chunk(apps: Any, owner_id: int, expenses: Any) -> int | None:
    """Return the id of the last expense that was read, or None where none is left."""
    Expense, RevisionCounter = apps.get_model("expenses", "Expense"), apps.get_model("accounts", "RevisionCounter")
    revisions = allocate(apps, owner_id)
    # `manage.py prune` waits for no revision counter.
    rows = list(expenses.filter(owner_id=owner_id).select_for_update()[:CHUNK])
    changed = []
    for row in rows:
        category, description = SPACES.sub(" ", row.category), SPACES.sub(" ", row.description or "")
        if (category, description) != (row.category, row.description or ""):
            row.category, row.description = category, description or None
            row.revision, row.updated_at = next(revisions), timezone.now()
        search_text = f"{fold(category)}\x1f{fold(description)}"
        if search_text != row.search_text:
            row.search_text = search_text
            changed.append(row)
    Expense.objects.bulk_update(changed, ["category", "description", "search_text", "revision", "updated_at"])
    RevisionCounter.objects.filter(pk=owner_id).update(revision=next(revisions) - 1)
    return rows[-1].pk if rows else None


def rewrite_budget(apps: Any, budget: Any) -> None:
    """Rename the budget, or, where there is one of that name, delete it."""
    Budget, RevisionCounter = apps.get_model("expenses", "Budget"), apps.get_model("accounts", "RevisionCounter")
    revision = next(allocate(apps, budget.owner_id))
    category = SPACES.sub(" ", budget.category)
    if Budget.objects.filter(owner_id=budget.owner_id, category=category).exists():
        Budget.objects.filter(pk=budget.pk).delete()
    else:
        Budget.objects.filter(pk=budget.pk).update(category=category, revision=revision)
    RevisionCounter.objects.filter(pk=budget.owner_id).update(revision=revision)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("expenses", "0008_count_expenses")]

    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
