from django.urls import path

from accounts.views import accounts, sessions, tokens

urlpatterns = [
    path("api/register", accounts.RegisterView.as_view(), name="register"),
    path("api/login", tokens.LoginView.as_view(), name="login"),
    path("api/refresh", tokens.RefreshView.as_view(), name="refresh"),
    path("api/logout", tokens.LogoutView.as_view(), name="logout"),
    path("api/me", accounts.MeView.as_view(), name="me"),
    path("api/me/password", accounts.PasswordView.as_view(), name="password"),
    path("api/me/delete", accounts.DeletionView.as_view(), name="me-delete"),
    path("api/sessions", sessions.SessionsView.as_view(), name="sessions"),
    path("api/sessions/<uuid:pk>", sessions.SessionView.as_view(), name="session"),
]
