from django.apps import AppConfig
from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.db import reset_queries


class ExpenseTrackerConfig(AppConfig):
    name = "expense_tracker"

    def ready(self) -> None:
        # drf-spectacular knows the extensions that have been imported.
        from expense_tracker import openapi  # noqa: F401

        # Done for each request, and for nothing: neither Redis nor memory is closed, and only DEBUG keeps queries.
        request_finished.disconnect(close_caches)
        if not settings.DEBUG:
            request_started.disconnect(reset_queries)
