from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from drf_spectacular.utils import extend_schema
from prometheus_client import CONTENT_TYPE_LATEST
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from expense_tracker.exceptions import NotAuthenticated
from expense_tracker.monitoring.metrics import exposition


class InvalidMetricsToken(NotAuthenticated):
    detail = "Send `Authorization: Bearer …` with METRICS_TOKEN."


@extend_schema(exclude=True)
class MetricsView(APIView):
    """The metrics, for Prometheus. No query is made."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    def get(self, request: Request) -> HttpResponse:
        if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
            raise InvalidMetricsToken
        return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
