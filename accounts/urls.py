from django.urls import path

from accounts.views import account, token
from accounts.views.session import SessionViewSet
from expense_tracker.api.routers import Router

router = Router()
router.register("api/sessions", SessionViewSet)

urlpatterns = [
    path("api/register", account.RegisterView.as_view(), name="register"),
    path("api/login", token.LoginView.as_view(), name="login"),
    path("api/refresh", token.RefreshView.as_view(), name="refresh"),
    path("api/logout", token.LogoutView.as_view(), name="logout"),
    path("api/me", account.MeView.as_view(), name="me"),
    path("api/me/password", account.PasswordView.as_view(), name="password"),
    path("api/me/delete", account.DeletionView.as_view(), name="me-delete"),
    *router.urls,
]
