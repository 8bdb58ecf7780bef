from django.urls import path

from expenses.views import budgets, bulk, categories, expenses, summary, sync, transfer

urlpatterns = [
    path("expenses", expenses.ExpensesView.as_view(), name="expenses"),
    path("expenses/<id:pk>", expenses.ExpenseView.as_view(), name="expense"),
    path("create", expenses.CreateView.as_view(), name="create"),
    path("expenses/<id:pk>/restore", expenses.RestoreView.as_view(), name="restore"),
    path("expenses/bulk", bulk.BulkView.as_view(), name="bulk"),
    path("expenses/changes", sync.ChangesView.as_view(), name="changes"),
    path("expenses/export", transfer.ExportView.as_view(), name="export"),
    path("expenses/import", transfer.ImportView.as_view(), name="import"),
    path("expenses/summary", summary.SummaryView.as_view(), name="summary"),
    path("categories", categories.CategoriesView.as_view(), name="categories"),
    path("categories/rename", categories.CategoryRenameView.as_view(), name="category-rename"),
    path("budgets", budgets.BudgetsView.as_view(), name="budgets"),
    path("budgets/<id:pk>", budgets.BudgetView.as_view(), name="budget"),
]
