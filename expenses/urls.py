from django.urls import path

from expenses.views import budgets, categories, expenses, summary

urlpatterns = [
    path("create", expenses.CreateView.as_view(), name="create"),
    path("expenses", expenses.ExpensesView.as_view(), name="expenses"),
    path("expenses/<id:pk>", expenses.ExpenseView.as_view(), name="expense"),
    path("expenses/summary", summary.SummaryView.as_view(), name="summary"),
    path("categories", categories.CategoriesView.as_view(), name="categories"),
    path("categories/rename", categories.CategoryRenameView.as_view(), name="category-rename"),
    path("budgets", budgets.BudgetsView.as_view(), name="budgets"),
    path("budgets/<id:pk>", budgets.BudgetView.as_view(), name="budget"),
]
