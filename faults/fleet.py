"""Three nodes behind HAProxy, with PgBouncer in front of PostgreSQL, and Redis."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from faults.balancer import CHECK_SECONDS, haproxy, instances
from faults.client import Client
from faults.debian import find_program
from faults.pooler import pgbouncer, through
from faults.server import Server, environment
from faults.service import Service, free_port
from faults.stage import Stage

NODES = 3
SESSIONS = 10
# Two checks fail, and one is on its way.
DRAIN_SECONDS = 2
PROGRAMS = ("haproxy", "pgbouncer", "redis-server")


def missing() -> str:
    """The programs that there are not."""
    return " ".join(name for name in PROGRAMS if not find_program(name))


@dataclass
class Fleet:
    stage: Stage
    env: dict[str, str]
    ports: list[int]
    nodes: list[Server]
    front: int  # HAProxy's port
    redis: Service
    pooler: Service | None

    def users(self, *names: str) -> list[Client]:
        """Clients of the balancer, logged in."""
        return [Client(self.front, self.nodes[0].person(name).headers) for name in names]

    def start(self, number: int) -> None:
        """Return when the balancer has found it."""
        self.nodes[number].close()
        log = self.stage.folder / f"node-{self.ports[number]}-again.log"
        self.nodes[number] = Server(self.env, log, port=self.ports[number])
        self.nodes[number].wait_until_it_answers()
        time.sleep(3 * CHECK_SECONDS)


@contextmanager
def fleet(stage: Stage, database_url: str, *, pooled: bool) -> Iterator[Fleet]:
    """Without a pooler the nodes connect to the database themselves."""
    with ExitStack() as stack:
        pooler = stack.enter_context(pgbouncer(stage, find_program("pgbouncer") or "", SESSIONS)) if pooled else None
        port = free_port()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        redis = Service([find_program("redis-server") or "", *options], port, stage.folder / "redis.log")
        stack.callback(redis.stop)
        redis.start()
        env = environment(
            through(pooler, database_url) if pooler else database_url,
            DATABASE_POOLER=str(pooled),
            REDIS_URL=f"redis://127.0.0.1:{redis.port}/0",
            DRAIN_SECONDS=str(DRAIN_SECONDS),
            WEB_CONCURRENCY="1",
        )
        ports = [free_port() for _ in range(NODES)]
        front = stack.enter_context(haproxy(find_program("haproxy") or "", stage.folder, ports))
        nodes = stack.enter_context(instances(env, stage.folder, ports))
        time.sleep(3 * CHECK_SECONDS)
        yield Fleet(stage, env, ports, nodes, front, redis, pooler)
