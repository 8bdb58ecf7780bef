from django.urls import path

from accounts.views import accounts, sessions, tokens

urlpatterns = [
    path("register", accounts.RegisterView.as_view(), name="register"),
    path("login", tokens.LoginView.as_view(), name="login"),
    path("refresh", tokens.RefreshView.as_view(), name="refresh"),
    path("logout", tokens.LogoutView.as_view(), name="logout"),
    path("me", accounts.MeView.as_view(), name="me"),
    path("me/password", accounts.PasswordView.as_view(), name="password"),
    path("me/delete", accounts.DeletionView.as_view(), name="me-delete"),
    path("sessions", sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/<uuid:pk>", sessions.SessionView.as_view(), name="session"),
]
