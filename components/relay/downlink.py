"""What a service says, on its way to the browser."""

from __future__ import annotations

import asyncio
from collections import deque

from .frames import RATE

WINDOW = 262_144
"""Bytes on the way that the browser has not confirmed; more would only wait in other places, where nobody counts it.
The browser confirms at least every 32 kB."""

MOST_SOUND = 120 * 2 * RATE
"""Bytes of sound that may wait, two minutes: services make an answer faster than it is heard."""

MOST_TEXT = 4_000_000
"""Characters of events that may wait. They are never dropped, so a browser that takes none for so long is given up."""


class Downlink:
    """Numbered messages, kept until the browser has confirmed them, so that a new socket goes on where one broke.

    Whatever waits stays within bounds: the oldest sound is dropped, and events beyond reason end the call.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """Bytes of sound that the browser never got."""
        self.overflown = False
        """Whether more events wait than a browser can be behind."""
        self._sent: deque[str | bytes] = deque()
        self._sent_size = 0
        self._confirmed = 0  # how many messages before `_sent`
        self._waiting: deque[str | bytes] = deque()
        self._sound = 0
        self._text = 0
        self._finished = False
        self._news = asyncio.Event()

    def add(self, message: str | bytes) -> None:
        """Take an event, or a frame of sound."""
        if self._finished:
            return
        self._wait_last(message)
        while self._sound > MOST_SOUND:
            self._drop_oldest()
        self.overflown = self.overflown or self._text > MOST_TEXT
        self._news.set()

    def finish(self) -> None:
        """Nothing comes after what is here."""
        self._finished = True
        self._news.set()

    async def next(self) -> str | bytes | None:
        """Wait for the next message; None after the last one."""
        while not self._waiting:
            if self._finished:
                return None
            self._news.clear()
            await self._news.wait()
        message = self._waiting.popleft()
        self._count(message, -1)
        self._sent.append(message)
        self._sent_size += len(message)
        return message

    async def room(self) -> None:
        """Wait until the browser has confirmed enough for another message to be sent."""
        while self._sent_size >= WINDOW:
            self._news.clear()
            await self._news.wait()

    def confirm(self, count: int) -> None:
        """The browser has so many messages, of all that were ever sent. A count that cannot be is ignored."""
        while self._confirmed < count and self._sent:
            self._sent_size -= len(self._sent.popleft())
            self._confirmed += 1
        self._news.set()

    def rewind(self, count: int) -> None:
        """Send again what came after the first `count` messages: the socket has broken, and another one is there."""
        self.confirm(count)
        while self._sent:
            message = self._sent.pop()
            self._waiting.appendleft(message)
            self._count(message, 1)
        self._sent_size = 0
        self._news.set()

    def _wait_last(self, message: str | bytes) -> None:
        self._waiting.append(message)
        self._count(message, 1)

    def _count(self, message: str | bytes, sign: int) -> None:
        if isinstance(message, str):
            self._text += sign * len(message)
        else:
            self._sound += sign * len(message)

    def _drop_oldest(self) -> None:
        at = next(at for at, message in enumerate(self._waiting) if isinstance(message, bytes))
        dropped = self._waiting[at]
        del self._waiting[at]
        self._count(dropped, -1)
        self.dropped += len(dropped)
