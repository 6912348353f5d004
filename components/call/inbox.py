"""The Python end of the browser's outbox: every report once and in order, whatever the websocket does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CONFIRM_EVERY = 200
"""How many reports the browser keeps at least; confirming each message would double the traffic."""


@dataclass(frozen=True)
class Received:
    """What came of one message."""

    reports: list[dict[str, Any]] = field(default_factory=list)
    missing: bool = False
    """Reports before this message were lost on the way; the browser must resume from the inbox's count."""
    confirm: bool = False
    """It is time to tell the browser how many reports have arrived."""


class Inbox:
    """Counts the reports of one page, drops what arrives twice, and notices what never arrived."""

    def __init__(self) -> None:
        self.count = 0
        """How many reports have arrived, in order, since the page was loaded."""
        self._confirmed = 0

    def receive(self, message: object) -> Received:
        """Take a message `{'first': number of its first report, 'reports': [...]}`; anything else is ignored."""
        if not isinstance(message, Mapping):
            return Received()
        first, reports = message.get('first'), message.get('reports')
        if not isinstance(first, int) or not isinstance(reports, list):
            return Received()
        if first > self.count:
            return Received(missing=True)
        fresh = reports[self.count - first :]
        self.count += len(fresh)
        confirm = self.count - self._confirmed >= CONFIRM_EVERY
        if confirm:
            self._confirmed = self.count
        return Received([report for report in fresh if isinstance(report, dict)], confirm=confirm)
