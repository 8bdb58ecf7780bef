"""The whole flow in Python, with the package that openapi-python-client makes of the document."""

import os
import sys
import uuid
from io import BytesIO
from typing import Any, TypeVar

from expense_tracker_client import AuthenticatedClient, Client
from expense_tracker_client import models as m
from expense_tracker_client.api.accounts import read_me, register
from expense_tracker_client.api.expenses import (
    change_expense,
    create_expense,
    delete_expense,
    list_expenses,
    read_expense,
    replace_expense,
    restore_expense,
)
from expense_tracker_client.api.import_and_export import export_expenses, import_expenses
from expense_tracker_client.api.reports import delete_budget, list_budgets, set_budget, summarize_expenses
from expense_tracker_client.api.sessions import create_personal_access_token, end_session, list_sessions, login, logout
from expense_tracker_client.api.sessions import refresh as refresh_tokens
from expense_tracker_client.api.sync import change_many_expenses, list_changes
from expense_tracker_client.types import File

Body = TypeVar("Body")
ROOF = 3_000_000_000  # more cents than 32 bits hold


def expect(kind: type[Body], response: Any, status: int = 200) -> Body:
    if response.status_code != status or not isinstance(response.parsed, kind):
        sys.exit(f"{response.status_code} {response.content!r} is not {status} {kind.__name__}")
    return response.parsed


def main() -> None:  # noqa: PLR0915  # one thing after the other
    client = Client(base_url=os.environ["BASE"], raise_on_unexpected_status=True)
    credentials = {"username": "python", "password": "SecurePassword123!"}
    registration = m.RegistrationRequest(**credentials)
    expect(m.Registered, register.sync_detailed(client=client, body=registration), 201)
    problem = expect(m.Problem, register.sync_detailed(client=client, body=registration), 400)
    assert problem.code == "user_exists"
    tokens = expect(m.Tokens, login.sync_detailed(client=client, body=m.LoginRequest(**credentials)))
    body = m.RefreshRequest(refresh_token=tokens.refresh_token)
    tokens = expect(m.Tokens, refresh_tokens.sync_detailed(client=client, body=body))
    api = AuthenticatedClient(base_url=os.environ["BASE"], token=tokens.access_token, raise_on_unexpected_status=True)
    me = expect(m.Me, read_me.sync_detailed(client=api))
    assert me.username == "python"

    roof = m.ExpenseCreationRequest(amount=ROOF, category="House", description="Roof", external_id="py-1")
    response = create_expense.sync_detailed(client=api, body=roof, idempotency_key=str(uuid.uuid4()))
    expense = expect(m.Expense, response, 201)
    etag = response.headers["ETag"]
    create_expense.sync(client=api, body=m.ExpenseCreationRequest(amount=250, category="Food"))
    assert expect(m.Expense, create_expense.sync_detailed(client=api, body=roof)).id == expense.id

    ordering = m.ListExpensesOrdering.DATE_DESCENDING
    listed = list_expenses.sync_detailed(client=api, category=["House"], ordering=ordering, limit=10)
    assert [each.id for each in expect(list, listed)] == [expense.id]
    unchanged = list_expenses.sync_detailed(client=api, if_none_match=listed.headers["ETag"])
    assert unchanged.status_code == 304

    assert expect(m.Expense, read_expense.sync_detailed(expense.id, client=api)).amount == ROOF
    cleared = change_expense.sync_detailed(
        expense.id, client=api, body=m.PatchedExpenseRequest(description=None), if_match=etag
    )
    assert expect(m.Expense, cleared).description is None
    replacement = m.ExpenseRequest(amount=1, category="House")
    stale = replace_expense.sync_detailed(expense.id, client=api, body=replacement, if_match=etag)
    assert expect(m.Problem, stale, 412).code == "precondition_failed"

    update = m.BulkUpdateRequest(id=expense.id, amount=2, if_revision=1)
    refused = change_many_expenses.sync_detailed(client=api, body=m.BulkRequest(update=[update]))
    errors = expect(m.Problem, refused, 412).errors
    assert errors and errors[0].pointer == "#/update/0/if_revision"

    expect(m.Message, delete_expense.sync_detailed(expense.id, client=api))
    [deleted] = expect(list, list_expenses.sync_detailed(client=api, deleted=True))
    assert deleted.deleted_at
    assert expect(m.Expense, restore_expense.sync_detailed(expense.id, client=api)).id == expense.id
    changes = expect(m.Changes, list_changes.sync_detailed(client=api, since=0))
    assert len(changes.changed) == 2 and not changes.has_more

    group_by = m.SummarizeExpensesGroupBy.CATEGORY_MONTH
    summary = expect(m.Summary, summarize_expenses.sync_detailed(client=api, group_by=group_by, fill=True))
    assert summary.total == ROOF + 250
    budget = expect(
        m.Budget, set_budget.sync_detailed(client=api, body=m.BudgetRequest(category=None, amount=5 * ROOF)), 201
    )
    [report] = expect(list, list_budgets.sync_detailed(client=api))
    assert report.spent == ROOF + 250
    expect(m.Message, delete_budget.sync_detailed(budget.id, client=api))

    exported = export_expenses.sync_detailed(client=api, format_=m.ExportExpensesFormat.CSV)
    assert exported.content.startswith(b"date,amount,category,description")
    file = File(payload=BytesIO(b"date,amount,category\nx,1.00,Food\n"), file_name="x.csv")
    wrong = import_expenses.sync_detailed(client=api, body=m.ImportExpensesBody(file=file), dry_run=True)
    rows = expect(m.ImportProblem, wrong, 400).rows
    assert rows and rows[0].pointer == "#/0/date"

    script = m.PersonalTokenRequest(name="Script", expires_in_days=1, scope=m.Scope.READ)
    issued = expect(m.IssuedToken, create_personal_access_token.sync_detailed(client=api, body=script), 201)
    assert len(expect(list, list_sessions.sync_detailed(client=api))) == 2
    expect(m.Message, end_session.sync_detailed(issued.id, client=api))
    expect(m.Message, logout.sync_detailed(client=api))
    expect(m.Problem, read_me.sync_detailed(client=api), 401)


if __name__ == "__main__":
    main()
