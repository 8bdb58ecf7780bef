"""Users and their sessions, for staff."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from accounts import actions
from accounts.models import Session, User, fold_username


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = UserCreationForm
    list_display = ("username", "number_of_expenses", "date_joined", "last_login", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "date_joined")
    search_fields = ("username_key__contains",)
    date_hierarchy = "date_joined"
    readonly_fields = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        # A subquery is computed for the rows of the page alone; joining and grouping would count for all users.
        expenses = User._meta.get_field("expenses").related_model._default_manager.filter(
            owner=OuterRef("pk"), deleted_at=None
        )
        count = expenses.order_by().values("owner").annotate(count=Count("pk")).values("count")
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(expense_count=Coalesce(Subquery(count), 0))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        actions.erase_account(user=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        # In ascending order, as everyone who locks several ledgers, so that two of them cannot wait for each other.
        for user in queryset.order_by("pk"):
            actions.erase_account(user=user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return super().get_search_results(request, queryset, fold_username(search_term))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        # Nobody deletes a session alone, but it goes with its user.
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(needed) - {Session._meta.verbose_name}, protected

    @admin.display(description="expenses")
    def number_of_expenses(self, user: Any) -> int:
        return int(user.expense_count)


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    """What is shown here opens nothing: no token is stored."""

    list_display = ("user", "name", "scope", "user_agent", "created_at", "last_used_at", "expires_at", "live")
    list_filter = ("scope", ("revoked_at", admin.EmptyFieldListFilter), "created_at", "expires_at")
    list_select_related = ("user",)
    search_fields = ("user__username_key", "name", "user_agent")
    date_hierarchy = "created_at"
    actions = ("revoke",)
    fields = readonly_fields = (
        "user",
        "name",
        "scope",
        "user_agent",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        # A session is revoked; its row stays until it would have expired, so that it can be looked up.
        return False

    @admin.display(boolean=True)
    def live(self, session: Session) -> bool:
        return session.is_live

    @admin.action(description="Revoke the selected sessions", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        for session in queryset.live():
            self.log_change(request, session, "Revoked.")
        count = queryset.revoke()
        self.message_user(request, f"{count} sessions revoked.")
