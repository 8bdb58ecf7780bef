"""The WSGI application, for gunicorn; `app` is the name that Vercel's Python runtime looks for."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expense_tracker.settings")

application = app = get_wsgi_application()
