from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from expense_tracker.health import PATHS

# What is asked for by the address of a machine or a pod.
BY_ADDRESS = (*PATHS, "/metrics") if settings.METRICS_TOKEN else PATHS


class HostMiddleware(CommonMiddleware):
    """Refuse hosts that are not in ALLOWED_HOSTS, but for probes and Prometheus."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path_info in BY_ADDRESS else super().process_request(request)
