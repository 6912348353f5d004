"""What a browser says, on its way to the service."""

from __future__ import annotations

import asyncio
from collections import deque

from .frames import RATE

MOST_SOUND = 10 * 2 * RATE
"""Bytes that may wait, ten seconds: what is older will not be missed by a service that is so far behind."""

LONGEST_APPEND = RATE // 5 * 2
"""Bytes in one event, 200 ms. Where sound has piled up, few events carry it faster than many."""

MOST_EVENTS = 1000
"""Events that may wait; nobody who talks or types has so many."""


class Uplink:
    """Events as they are, and sound between them: joined where it waits, and its oldest dropped where it waits long."""

    def __init__(self) -> None:
        self.dropped = 0
        """Bytes of sound that the service never got."""
        self._waiting: deque[str | bytes] = deque()
        self._sound = 0
        self._events = 0
        self._news = asyncio.Event()

    def add_event(self, text: str) -> bool:
        """Give whether there was room for it."""
        if self._events >= MOST_EVENTS:
            return False
        self._events += 1
        self._add(text)
        return True

    def add_sound(self, sound: bytes) -> None:
        self._sound += len(sound)
        self._add(sound)
        while self._sound > MOST_SOUND:
            self._drop_oldest()

    async def next(self) -> str | bytes:
        """Wait for the next event, or for sound."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        first = self._waiting.popleft()
        if isinstance(first, str):
            self._events -= 1
            return first
        sound = [first]
        length = len(first)
        while self._waiting and isinstance(more := self._waiting[0], bytes) and length + len(more) <= LONGEST_APPEND:
            sound.append(more)
            length += len(more)
            self._waiting.popleft()
        self._sound -= length
        return b''.join(sound)

    def _add(self, message: str | bytes) -> None:
        self._waiting.append(message)
        self._news.set()

    def _drop_oldest(self) -> None:
        at = next(at for at, message in enumerate(self._waiting) if isinstance(message, bytes))
        dropped = self._waiting[at]
        del self._waiting[at]
        self._sound -= len(dropped)
        self.dropped += len(dropped)
