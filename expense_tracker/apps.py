from django.apps import AppConfig
from django.conf import settings


class ExpenseTrackerConfig(AppConfig):
    name = "expense_tracker"

    def ready(self) -> None:
        # drf-spectacular knows the extensions that have been imported.
        from expense_tracker.api import openapi  # noqa: F401

        if settings.SENTRY_DSN:
            from expense_tracker.monitoring import sentry

            sentry.start()
