from django.urls import path

from expenses import views

urlpatterns = [
    path("create", views.CreateView.as_view(), name="create"),
    path("expenses", views.ExpensesView.as_view(), name="expenses"),
    path("expenses/<id:pk>", views.ExpenseView.as_view(), name="expense"),
]
