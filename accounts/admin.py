"""Users, for staff."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("username", "date_joined", "last_login", "is_active", "is_staff", "number_of_expenses")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "date_joined")
    search_fields = ("username",)
    date_hierarchy = "date_joined"
    readonly_fields = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        # A subquery is computed for the rows of the page alone; joining and grouping would count for all users.
        expenses = User._meta.get_field("expenses").related_model._default_manager.filter(
            owner=OuterRef("pk"), deleted_at=None
        )
        count = expenses.order_by().values("owner").annotate(count=Count("pk")).values("count")
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(expense_count=Coalesce(Subquery(count), 0))

    @admin.display(description="expenses")
    def number_of_expenses(self, user: Any) -> int:
        return int(user.expense_count)
