from typing import Any

from django import template
from django.contrib import admin

from accounts.models import User
from expense_tracker.dates import today
from expenses.admin.dashboard import expense_figures_and_charts, user_figures
from expenses.models import Expense

register = template.Library()


@register.inclusion_tag("expenses/overview.html", takes_context=True)
def overview(context: template.Context) -> dict[str, Any]:
    """Return the figures that the user may see, which are those of the lists."""
    sees_users, sees_expenses = (
        admin.site.get_model_admin(model).has_view_permission(context["request"]) for model in (User, Expense)
    )
    figures = user_figures() if sees_users else []
    day = today()
    expense_figures, charts = expense_figures_and_charts(day) if sees_expenses else ([], [])
    return {"figures": figures + expense_figures, "charts": charts, "sees_expenses": sees_expenses, "today": day}
