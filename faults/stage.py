"""What the faults have in common: a folder, and a PostgreSQL with as many databases as they need."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults.cluster import Cluster
from faults.server import Server, environment, manage, serving

TEMPLATE = "migrated"


class Stage:
    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self.folder, self.cluster = folder, cluster
        self.databases = 0
        manage("migrate", "--verbosity=0", env=environment(cluster.create_database(TEMPLATE)))

    def database(self) -> str:
        """The URL of a new database with all tables."""
        self.databases += 1
        return self.cluster.create_database(f"fault_{self.databases}", template=TEMPLATE)

    @contextmanager
    def server(self, *options: str, **variables: str) -> Iterator[Server]:
        """A server with such a database; `options` are gunicorn's."""
        with serving(environment(self.database(), **variables), self.folder, *options) as server:
            yield server
