"""The events and the sound that a client has got from the engine."""

import asyncio
from typing import Any

from .checked_events import EventStream

PATIENCE = 15
"""Seconds that a test waits for an event."""


class Received:
    """All server `events` so far, checked against the protocol. A client fills it by `take`."""

    def __init__(self, *, whole: bool | None = None) -> None:
        """See `EventOrder` for `whole`."""
        self.events: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._stream = EventStream(whole=whole)

    def take(self, message: str | bytes) -> None:
        """Another event has come."""
        self.events.append(self._stream.take(message))
        self._news.set()

    async def until(self, type: str, *, count: int = 1) -> dict[str, Any]:
        """Wait for the count-th event of this type."""
        async with asyncio.timeout(PATIENCE):
            while len(self.all(type)) < count:
                self._news.clear()
                await self._news.wait()
        return self.all(type)[count - 1]

    async def until_error(self, event_id: str) -> dict[str, Any]:
        """Wait for the error that this event of the client caused."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for event in self.all('error'):
                    if event['error']['event_id'] == event_id:
                        return event
                self._news.clear()
                await self._news.wait()

    def all(self, type: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event['type'] == type]

    def types(self) -> list[str]:
        """The types of all events so far, in order; the same type several times in a row stands once."""
        types = [event['type'] for event in self.events]
        return [type for index, type in enumerate(types) if index == 0 or types[index - 1] != type]
