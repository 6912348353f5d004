"""Events and sound on their way from a service to a browser."""

from __future__ import annotations

import asyncio
from collections import deque

from .frames import RATE

WINDOW = 262_144
"""Bytes sent that the browser has not confirmed; more would only wait in unbounded buffers. The browser
confirms at least every 32 kB."""

MOST_SOUND = 120 * 2 * RATE
"""Bytes of sound that may wait, two minutes: services make an answer faster than it is played."""

MOST_TEXT = 4_000_000
"""Characters of events that may wait. Events are never dropped: a browser so far behind is given up."""


class Downlink:
    """Keeps numbered messages until the browser has confirmed them, so that a new socket continues where one broke.

    What waits is limited: the oldest sound is dropped, and too many events end the call.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """Bytes of sound that were dropped."""
        self.overflown = False
        """Whether too many events wait."""
        self._sent: deque[str | bytes] = deque()
        self._sent_size = 0
        self._confirmed = 0  # how many messages before `_sent`
        self._waiting: deque[str | bytes] = deque()
        self._sound = 0
        self._text = 0
        self._finished = False
        self._news = asyncio.Event()

    def add(self, message: str | bytes) -> None:
        """Add an event or a frame of sound."""
        if self._finished:
            return
        self._wait_last(message)
        while self._sound > MOST_SOUND:
            self._drop_oldest()
        self.overflown = self.overflown or self._text > MOST_TEXT
        self._news.set()

    def finish(self) -> None:
        """End the messages: nothing more is added."""
        self._finished = True
        self._news.set()

    async def next(self) -> str | bytes | None:
        """Wait for the next message. Returns None after the last one."""
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
        """Forget the first `count` of all messages ever sent, which the browser has. Impossible counts are ignored."""
        while self._confirmed < count and self._sent:
            self._sent_size -= len(self._sent.popleft())
            self._confirmed += 1
        self._news.set()

    def rewind(self, count: int) -> None:
        """Send everything after the first `count` messages again, over a new socket."""
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
