"""The receiving end of the browser's outbox: every report once and in order, even if the WebSocket drops."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CONFIRM_EVERY = 200
"""Reports between two confirmations. The browser keeps at least as many; confirming each would double the traffic."""


@dataclass(frozen=True)
class Received:
    """The result of one message."""

    reports: list[dict[str, Any]] = field(default_factory=list)
    missing: bool = False
    """Whether reports before this message were lost. The browser must then resume from the inbox's count."""
    confirm: bool = False
    """Whether to tell the browser how many reports have arrived."""


class Inbox:
    """Counts the reports of one page, drops repeated ones, and notices missing ones."""

    def __init__(self) -> None:
        self.count = 0
        """The number of reports that have arrived since the page was loaded."""
        self._confirmed = 0
        self._grown = asyncio.Event()

    def receive(self, message: object) -> Received:
        """Take a message `{'first': number of its first report, 'reports': [...]}`. Ignores anything else."""
        if not isinstance(message, Mapping):
            return Received()
        first, reports = message.get('first'), message.get('reports')
        if not isinstance(first, int) or not isinstance(reports, list):
            return Received()
        if first > self.count:
            return Received(missing=True)
        fresh = reports[self.count - first :]
        self.count += len(fresh)
        self._grown.set()
        confirm = self.count - self._confirmed >= CONFIRM_EVERY
        if confirm:
            self._confirmed = self.count
        return Received([report for report in fresh if isinstance(report, dict)], confirm=confirm)

    async def reach(self, count: int) -> None:
        """Wait until so many reports have arrived."""
        while self.count < count:
            self._grown.clear()
            await self._grown.wait()
