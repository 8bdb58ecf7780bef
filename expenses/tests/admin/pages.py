"""Contents of the pages of the admin."""

from typing import Any

from django.test import Client

from expenses.admin.charts import Chart
from expenses.models import Expense


def listed(response: Any) -> list[Any]:
    """Return the rows that a list of the admin shows."""
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


def errors(response: Any) -> list[str]:
    """Return the names of the fields with errors."""
    assert response.status_code == 200
    return list(response.context["adminform"].form.errors)


def shown(client: Client, expense: Expense) -> dict[str, str]:
    """Return the form that a browser sends when the change form is saved unchanged."""
    form = client.get(f"/admin/expenses/expense/{expense.pk}/change/").context["adminform"].form
    values = {field.name: field.value() for field in form}
    values |= {field.html_initial_name: field.initial for field in form if field.field.show_hidden_initial}
    return {name: str(value or "").replace("\n", "\r\n") for name, value in values.items()}


def charts(client: Client) -> list[Chart]:
    found: list[Chart] = client.get("/admin/").context["charts"]
    return found
