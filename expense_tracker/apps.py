from django.apps import AppConfig


class ExpenseTrackerConfig(AppConfig):
    name = "expense_tracker"

    def ready(self) -> None:
        # drf-spectacular knows the extensions that have been imported.
        from expense_tracker.api import openapi  # noqa: F401
