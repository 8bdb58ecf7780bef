"""All metrics, in Prometheus's naming. They are counted where METRICS_TOKEN is set, and read at `/metrics`.

Every label has few values, all of them from the code: never a path, a name, an id or an address. With
PROMETHEUS_MULTIPROC_DIR in the environment, which `gunicorn.conf.py` sets, the processes of a server count together."""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, write_to_textfile
from prometheus_client.multiprocess import MultiProcessCollector

METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
WAIT_BUCKETS = (0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 5, 30)
IMPORT_BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

registry = CollectorRegistry()


def counter(name: str, documentation: str, *labels: str) -> Counter:
    return Counter(f"expense_tracker_{name}", documentation, labels, registry=registry)


def histogram(name: str, documentation: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(f"expense_tracker_{name}", documentation, labels, buckets=buckets, registry=registry)


def gauge(name: str, documentation: str) -> Gauge:
    """Return a gauge whose value is the sum over the processes that live."""
    return Gauge(f"expense_tracker_{name}", documentation, registry=registry, multiprocess_mode="livesum")


REQUESTS = counter("http_requests_total", "Requests that were answered.", "method", "route", "status")
REQUEST_SECONDS = histogram(
    "http_request_duration_seconds",
    "From the complete request to its answer, without live streams.",
    REQUEST_BUCKETS,
    "method",
    "route",
)
IN_FLIGHT = gauge("http_requests_in_flight", "Requests that are read, computed or sent, live streams too.")
THREADS = gauge("threads", "Threads for requests; each keeps a connection to the database.")
BUSY_THREADS = gauge("threads_busy", "Threads that compute a request.")
WAITING = gauge("requests_waiting", "Requests that wait for a thread.")
WAIT_SECONDS = histogram(
    "thread_wait_seconds", "How long requests waited for a thread, and so for a connection.", WAIT_BUCKETS
)
STATEMENTS = counter("database_statements_total", "Statements of requests, without those of long exports.")
STATEMENT_SECONDS = counter("database_statement_seconds_total", "How long they took.")
LIVE_STREAMS = gauge("live_streams", "Streams of live changes that are open.")
FAILED_LOGINS = counter("failed_logins_total", "Wrong passwords and unknown names, in the API and in the admin.")
LIMITS_HIT = counter("limits_hit_total", "Requests that were refused because of a limit.", "limit")
IDEMPOTENT_REPLAYS = counter("idempotent_replays_total", "Requests that were answered by their Idempotency-Key.")
IMPORT_SECONDS = histogram("import_duration_seconds", "Imports of files, previews too.", IMPORT_BUCKETS)
IMPORTED_ROWS = counter("import_rows_total", "Rows of imported files, by what became of them.", "status")
REFUSED_FILES = counter("import_refusals_total", "Files that were not imported, by the code of the error.", "code")

# Of `manage.py prune`, a process of its own, which writes it down; in DATA_DIR.
PRUNE_FILE = "prune.prom"


def count(metric: Counter, *labels: str, by: float = 1) -> None:
    """Add to the counter, where METRICS_TOKEN is set."""
    if settings.METRICS_TOKEN:
        (metric.labels(*labels) if labels else metric).inc(by)


# To look up the series of labels takes as long as to count.
@lru_cache(maxsize=2048)
def request_metrics(method: str | None, route: str | None, status: int) -> tuple[Counter, Histogram]:
    """Return what counts a request and what takes its duration; the route is None where its path has none."""
    known_method = method if method in METHODS else "other"
    known_route = "unknown" if route is None else f"/{route}"
    return REQUESTS.labels(known_method, known_route, status), REQUEST_SECONDS.labels(known_method, known_route)


def record_prune(rows: dict[str, int]) -> None:
    """Write down for `/metrics` that `prune` has ended now, and how many rows of each kind it took."""
    own = CollectorRegistry()
    name, documentation = "expense_tracker_prune_last_success_timestamp_seconds", "When prune ended last."
    Gauge(name, documentation, registry=own).set_to_current_time()
    name, documentation = "expense_tracker_prune_last_rows", "Rows that its last run deleted or blanked."
    taken = Gauge(name, documentation, ["kind"], registry=own)
    for kind, number in rows.items():
        taken.labels(kind).set(number)
    write_to_textfile(str(settings.DATA_DIR / PRUNE_FILE), own)


def exposition() -> bytes:
    """Return the metrics of all processes of this server, in Prometheus's text format."""
    collected = registry
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        collected = CollectorRegistry()
        MultiProcessCollector(collected)  # type: ignore[no-untyped-call]  # it has no types
    file: Path = settings.DATA_DIR / PRUNE_FILE
    return generate_latest(collected) + (file.read_bytes() if file.exists() else b"")
