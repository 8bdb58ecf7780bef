"""The routes of the expenses: a router, and the three that no router has."""

from django.urls import path, register_converter

from expense_tracker.api.routers import IdConverter, Router
from expenses.views.budget import BudgetViewSet
from expenses.views.category import CategoryViewSet
from expenses.views.expense import ExpenseViewSet
from expenses.views.live import LiveViewSet
from expenses.views.summary import SummaryViewSet
from expenses.views.sync import SyncViewSet
from expenses.views.transfer import ExportViewSet, ImportViewSet

register_converter(IdConverter, "id")

router = Router()
router.register("api/expenses", ExpenseViewSet, basename="expense")
router.register("api/expenses", SyncViewSet, basename="sync")
router.register("api/expenses/live", LiveViewSet, basename="live")
router.register("api/expenses/export", ExportViewSet, basename="export")
router.register("api/expenses/import", ImportViewSet, basename="import")
router.register("api/expenses/summary", SummaryViewSet, basename="summary")
router.register("api/categories", CategoryViewSet, basename="category")

urlpatterns = [
    *router.urls,
    path("api/create", ExpenseViewSet.as_view({"post": "create_with_200"}), name="create"),
    path("api/budgets", BudgetViewSet.as_view({"get": "list", "put": "replace"}), name="budget-list"),
    path("api/budgets/<id:pk>", BudgetViewSet.as_view({"delete": "destroy"}), name="budget-detail"),
]
