"""No path ends in a slash, but for the admin's own."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

import accounts.urls
import expenses.urls
from expense_tracker import health
from expense_tracker.docs import views as documentation
from expense_tracker.monitoring.views import MetricsView

admin.site.site_title = admin.site.site_header = settings.API_TITLE
admin.site.site_url = "/docs"

# One list, in the order of how often they are asked for: they are tried one after the other.
urlpatterns = [
    *expenses.urls.urlpatterns,
    *accounts.urls.urlpatterns,
    path("", documentation.WelcomeView.as_view(), name="welcome"),
    path("docs", documentation.SwaggerView.as_view(), name="docs"),
    path("redoc", documentation.RedocView.as_view(), name="redoc"),
    path("favicon.ico", documentation.FaviconView.as_view(), name="favicon"),
    path("openapi.json", documentation.OpenAPIView.as_view(), name="openapi"),
    path("healthz", health.LivenessView.as_view(), name="healthz"),
    path("readyz", health.ReadinessView.as_view(), name="readyz"),
    path("admin/", admin.site.urls),
]
if settings.METRICS_TOKEN:
    urlpatterns.append(path("metrics", MetricsView.as_view(), name="metrics"))

handler400 = "expense_tracker.api.errors.bad_request"
handler403 = "expense_tracker.api.errors.permission_denied"
handler404 = "expense_tracker.api.errors.not_found"
handler500 = "expense_tracker.api.errors.server_error"
