from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from expense_tracker.health import PATHS


class HostMiddleware(CommonMiddleware):
    """Refuse hosts that are not in ALLOWED_HOSTS, but for probes, which ask by the address of a machine or a pod."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path_info in PATHS else super().process_request(request)
