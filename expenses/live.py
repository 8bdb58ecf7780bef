"""Live changes: who listens hears of each new revision of theirs.

A stream is a coroutine and an entry in `watcher.streams`: it holds no thread and no connection to the database."""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator
from functools import partial
from threading import Lock

import orjson
from django.conf import settings
from django.db import close_old_connections

from accounts.models import Session
from expense_tracker.db.availability import close, outage
from expense_tracker.db.errors import is_unavailable
from expense_tracker.monitoring.metrics import LIVE_STREAMS
from expense_tracker.threads import Threads
from expenses.exceptions import RETRY_SECONDS, ServerStops, TooManyListeners, TooManyStreams

# A comment tells proxies and clients that the stream still lives.
COMMENT_SECONDS = 15
COMMENT = b":\n\n"
RETRY = b"retry: 3000\n\n"

logger = logging.getLogger(__name__)


def revision_event(revision: int) -> bytes:
    return b'id: %d\nevent: revision\ndata: {"revision":%d}\n\n' % (revision, revision)


def end_event(reason: str) -> bytes:
    return b"event: end\ndata: %b\n\n" % orjson.dumps({"reason": reason})


class Stream:
    """The events of one listener (an event stream of HTML, section 9.2), who has seen `seen`.

    It lasts until it ends with an event, or until the response is closed."""

    def __init__(self, watcher: "Watcher", session: Session, seen: int | None) -> None:
        self.watcher, self.session_id, self.user_id = watcher, session.pk, session.user_id
        self.revision, self.seen = session.user.revision, seen
        self.expires_at = session.token_expires_at
        self.end_reason = ""
        self.moved = asyncio.Event()

    def move(self, revision: int | None) -> None:
        """Go on to the revision, or end where the session has ended. Revisions only grow: what was asked for before the
        stream began may be older than what it began with."""
        if revision is None:
            self.end("session_ended")
        elif revision > self.revision:
            self.revision = revision
            self.moved.set()

    def end(self, reason: str) -> None:
        self.end_reason = self.end_reason or reason
        self.moved.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.watcher.start()
        yield RETRY
        while True:
            self.moved.clear()
            if self.end_reason:
                yield end_event(self.end_reason)
                return
            if self.seen != self.revision:
                self.seen = self.revision
                yield revision_event(self.seen)
                continue
            remaining = self.expires_at - time.time()
            try:
                async with asyncio.timeout(max(0, min(COMMENT_SECONDS, remaining))):
                    await self.moved.wait()
            except TimeoutError:
                if remaining <= COMMENT_SECONDS:
                    self.end("token_expired")
                else:
                    yield COMMENT

    def close(self) -> None:
        self.watcher.remove(self)


class Watcher:
    """Asks for the revisions of all who listen to this process, in one statement each LIVE_INTERVAL_MS, and only while
    somebody does. It needs nothing of the database but a table, and works with any number of processes."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.streams: set[Stream] = set()
        self.is_stopping = False
        self.thread = Threads(1)
        self.task: asyncio.Task[None] | None = None

    def listen(self, session: Session, *, seen: int | None) -> Stream:
        """Return a stream for the user of the session, who has seen this revision.

        Raise TooManyStreams, TooManyListeners, and ServerStops. Any thread may call it."""
        stream = Stream(self, session, seen)
        with self.lock:
            if self.is_stopping:
                raise ServerStops
            if len(self.streams) >= settings.LIVE_STREAMS:
                raise TooManyListeners
            if sum(each.user_id == stream.user_id for each in self.streams) >= settings.LIVE_STREAMS_PER_USER:
                raise TooManyStreams(RETRY_SECONDS)
            self.streams.add(stream)
            self.report()
        return stream

    def remove(self, stream: Stream) -> None:
        with self.lock:
            self.streams.discard(stream)
            self.report()

    def report(self) -> None:
        if settings.METRICS_TOKEN:
            LIVE_STREAMS.set(len(self.streams))

    def listening(self) -> list[Stream]:
        with self.lock:
            return list(self.streams)

    def start(self) -> None:
        """Begin to ask, in the running event loop, unless that goes on already."""
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self.watch())

    def stop(self) -> None:
        """End all streams, and begin none any more."""
        with self.lock:
            self.is_stopping = True
        for stream in self.listening():
            stream.end("shutdown")

    async def watch(self) -> None:
        while streams := self.listening():
            start = time.monotonic()
            asked = {stream.session_id for stream in streams}
            try:
                revisions = await self.thread.submit(partial(read_revisions, asked))
            except Exception as error:  # streams outlast it
                note(error)
            else:
                for stream in streams:
                    stream.move(revisions.get(stream.session_id))
            await asyncio.sleep(max(0, start + settings.LIVE_INTERVAL_MS / 1000 - time.monotonic()))
        self.thread.submit(close)


def read_revisions(session_ids: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return revisions by session, as a request of its own does: with a connection that is checked, and not kept where
    none are to be kept."""
    close_old_connections()
    try:
        return Session.objects.revisions(session_ids)
    finally:
        close_old_connections()


def note(error: Exception) -> None:
    if is_unavailable(error):
        outage.note(error)
    else:
        logger.error("Revisions cannot be read.", exc_info=error)


watcher = Watcher()
