"""Whether the process lives (`/healthz`) and whether it can serve (`/readyz`): for load balancers, without details."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

PATHS = ("/healthz", "/readyz")


class NotReady(APIException):
    status_code = 503
    default_detail = "Not ready"
    default_code = "not_ready"
    wait = 1


def is_ready() -> bool:
    """Whether the database answers and all migrations are applied."""
    try:
        executor = MigrationExecutor(connection)
    except Error:
        return False
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


@extend_schema(exclude=True)
class LivenessView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    def get(self, request: Request) -> Response:
        return Response({"status": "ok"})


@extend_schema(exclude=True)
class ReadinessView(LivenessView):
    def get(self, request: Request) -> Response:
        if not is_ready():
            raise NotReady
        return super().get(request)
