"""Health checks for load balancers, without details: the process runs (`/healthz`), it can serve (`/readyz`)."""

from threading import Event

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from expense_tracker.db.availability import is_available
from expense_tracker.db.migrations import has_unapplied_migrations
from expense_tracker.termination import draining

PATHS = ("/healthz", "/readyz")
# Load balancers give up after a few seconds. As long again may go by before there is a connection.
ANSWER_SECONDS = 2
# Set once all migrations were applied: reading them all takes four times as long as everything else here.
migrated = Event()


class NotReady(APIException):
    status_code = 503
    default_detail = "Not ready"
    default_code = "not_ready"
    wait = 1


class IsDraining(NotReady):
    default_detail = "The server is about to end"
    default_code = "draining"


def is_ready() -> bool:
    """Return whether the database answers, takes writes and is migrated."""
    if not is_available(seconds=ANSWER_SECONDS):
        return False
    if not migrated.is_set() and not has_unapplied_migrations():
        migrated.set()
    return migrated.is_set()


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
        if draining.has_begun:
            raise IsDraining
        if not is_ready():
            raise NotReady
        return super().get(request)
