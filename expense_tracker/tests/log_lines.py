"""The log, collected as it is written."""

import logging
from collections.abc import Callable
from typing import Any

from expense_tracker.logs import JSONFormatter

# Returns what was written since the last call.
Lines = Callable[[], list[dict[str, Any]]]


class Collector(logging.Handler):
    """Keep each line of the log, as text, in `written`."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JSONFormatter())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))
