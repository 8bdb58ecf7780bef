"""The list and the page of users."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import ngettext

from accounts import actions, second_factor
from accounts.admin.second_factor import second_factor_page
from accounts.models import Session, User, fold_username
from expense_tracker.admin import CappedActionsAdmin, note_change


class UserForm(UserChangeForm):
    password = None  # type: ignore[assignment]  # a field that shows parts of the hash


class PasswordForm(AdminPasswordChangeForm):
    """Django's form without the option to remove the password: that would end no session, unlike a deactivation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)


@admin.register(User)
class UserAdmin(CappedActionsAdmin, DjangoUserAdmin):
    form = UserForm
    add_form = UserCreationForm
    change_password_form = PasswordForm
    list_display = ("username", "number_of_expenses", "date_joined", "last_login", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "date_joined")
    search_fields = ("username_key__contains",)
    date_hierarchy = "date_joined"
    actions = ("end_sessions", "deactivate", "remove_second_factor")
    fieldsets = (
        (None, {"fields": ("username", "password_state")}),
        ("Permissions", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),)
    # Lists of what the user has, by the permission that it takes to look at them.
    links: ClassVar[dict[str, str]] = {
        "expenses.view_expense": "their_expenses",
        "expenses.view_budget": "their_budgets",
        "accounts.view_session": "their_sessions",
    }
    readonly_fields = (
        *("password_state", "password_and_form", "second_factor_state", "date_joined", "last_login"),
        *links.values(),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        # A subquery is computed for the rows of the page alone; joining and grouping would count for all users.
        expenses = User._meta.get_field("expenses").related_model._default_manager.filter(
            owner=OuterRef("pk"), deleted_at=None
        )
        count = expenses.order_by().values("owner").annotate(count=Count("pk")).values("count")
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(live_expenses=Coalesce(Subquery(count), 0))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        password = "password_and_form" if self.has_change_permission(request, obj) else "password_state"
        links = [link for permission, link in self.links.items() if request.user.has_perm(permission)]
        _, *others = self.fieldsets
        data = [("Data", {"fields": links})] if links else []
        factor = ("second_factor_state",) if obj.is_staff else ()
        return [(None, {"fields": ("username", password, *factor)}), *data, *others]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.second_factor_view)
        return [path("second-factor/", view, name="accounts_user_second_factor"), *super().get_urls()]

    def second_factor_view(self, request: HttpRequest) -> HttpResponse:
        return second_factor_page(request, self)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if request.user.is_superuser:
            return self.readonly_fields
        # Whoever could give permissions away could give themselves all that there are.
        return (*self.readonly_fields, "is_staff", "is_superuser", "groups", "user_permissions")

    def is_above(self, request: HttpRequest, user: User | None) -> bool:
        """Return whether only a superuser may act on this user: who sets a password of staff gets their permissions."""
        return user is not None and user.is_staff and not request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and not self.is_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not self.is_above(request, obj)

    def has_remove_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.end_session")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            actions.end_sessions(users=[obj])

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        actions.erase_account(user=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        # In ascending order, as everyone who locks several counters, so that two of them cannot wait for each other.
        for user in queryset.order_by("pk"):
            actions.erase_account(user=user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return super().get_search_results(request, queryset, fold_username(search_term))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return counts of what is deleted with the users; Django would list every single expense."""
        users: list[User] = list(objs)
        needed = {"user"} if not all(self.has_delete_permission(request, user) for user in users) else set()
        counts = {"users": len(users)}
        for relation in User._meta.related_objects:
            model: Any = relation.related_model
            if not self.admin_site.is_registered(model):
                continue
            count = model._base_manager.filter(**{f"{relation.field.name}__in": users}).count()
            counts[str(model._meta.verbose_name_plural)] = count
            # Nobody deletes a session or what staff have done alone, but it goes with its user.
            may = model in {Session, LogEntry} or self.admin_site.get_model_admin(model).has_delete_permission(request)
            if count and not may:
                needed.add(str(model._meta.verbose_name))
        return [str(user) for user in users], counts, needed, []

    @admin.display(description="expenses")
    def number_of_expenses(self, user: Any) -> int:
        return int(user.live_expenses)

    @admin.display(description="password")
    def password_state(self, user: User) -> str:
        return "Set" if user.has_usable_password() else "Not set"

    @admin.display(description="password")
    def password_and_form(self, user: User) -> str:
        return format_html('{} (<a href="../password/">change</a>)', self.password_state(user))

    @admin.display(description="second factor")
    def second_factor_state(self, user: User) -> str:
        return "Set up" if second_factor.find_device(user) else "Not set up"

    @admin.display(description="expenses")
    def their_expenses(self, user: Any) -> str:
        return self.link("admin:expenses_expense_changelist", {"owner": user.username}, user.live_expenses)

    @admin.display(description="budgets")
    def their_budgets(self, user: Any) -> str:
        return self.link("admin:expenses_budget_changelist", {"owner": user.username}, user.budgets.count())

    @admin.display(description="sessions")
    def their_sessions(self, user: User) -> str:
        return self.link("admin:accounts_session_changelist", {"user": user.username}, user.api_sessions.count())

    def link(self, name: str, parameters: dict[str, str], count: int) -> str:
        return format_html('<a href="{}?{}">{}</a>', reverse(name), urlencode(parameters), count)

    @admin.action(description="End all sessions of the selected users", permissions=["end"])
    @transaction.atomic
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        users = list(queryset)
        count = actions.end_sessions(users=users)
        note_change(request, users, "Ended all sessions.")
        ended = ngettext("%d session was ended.", "%d sessions were ended.", count) % count
        self.message_user(request, ended)

    @admin.action(description="Deactivate the selected users", permissions=["change"])
    @transaction.atomic
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        chosen = list(queryset)
        allowed = [user for user in chosen if user != request.user and self.has_change_permission(request, user)]
        deactivated = actions.deactivate(users=allowed)
        note_change(request, deactivated, "Deactivated.")
        count = len(deactivated)
        self.message_user(request, ngettext("%d user was deactivated.", "%d users were deactivated.", count) % count)
        if len(allowed) < len(chosen):
            self.message_user(request, "Nobody deactivates themselves, and only a superuser staff.", messages.WARNING)

    @admin.action(description="Remove the second factor of the selected users", permissions=["remove"])
    @transaction.atomic
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For whoever has lost phone and recovery codes."""
        removed = second_factor.remove(list(queryset))
        note_change(request, removed, "Removed the second factor.")
        count = len(removed)
        text = ngettext("The second factor of %d user is removed.", "The second factor of %d users is removed.", count)
        self.message_user(request, text % count)
