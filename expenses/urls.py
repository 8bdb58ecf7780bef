from django.urls import path, register_converter

from expense_tracker.api.routers import IdConverter
from expenses.views import budget, bulk, category, expense, summary, sync, transfer

register_converter(IdConverter, "id")

urlpatterns = [
    path("api/expenses", expense.ExpensesView.as_view(), name="expenses"),
    path("api/expenses/<id:pk>", expense.ExpenseView.as_view(), name="expense"),
    path("api/create", expense.CreateView.as_view(), name="create"),
    path("api/expenses/<id:pk>/restore", expense.RestoreView.as_view(), name="restore"),
    path("api/expenses/bulk", bulk.BulkView.as_view(), name="bulk"),
    path("api/expenses/changes", sync.ChangesView.as_view(), name="changes"),
    path("api/expenses/export", transfer.ExportView.as_view(), name="export"),
    path("api/expenses/import", transfer.ImportView.as_view(), name="import"),
    path("api/expenses/summary", summary.SummaryView.as_view(), name="summary"),
    path("api/categories", category.CategoriesView.as_view(), name="categories"),
    path("api/categories/rename", category.CategoryRenameView.as_view(), name="category-rename"),
    path("api/budgets", budget.BudgetsView.as_view(), name="budgets"),
    path("api/budgets/<id:pk>", budget.BudgetView.as_view(), name="budget"),
]
