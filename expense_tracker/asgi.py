"""The ASGI application, for servers that speak ASGI."""

from django.core.asgi import get_asgi_application

from expense_tracker.environment import load_settings

load_settings()

application = get_asgi_application()
