"""Events and sound on their way from a browser to its service."""

from __future__ import annotations

import asyncio
from collections import deque
from sys import getsizeof

from .frames import RATE

MOST_SOUND = 10 * 2 * RATE
"""Bytes of sound that may wait, ten seconds: a service so far behind will not miss what is older."""

LONGEST_APPEND = RATE // 5 * 2
"""Bytes of sound sent at once, 200 ms. Few large events carry sound that has piled up faster than many small ones."""

MOST_EVENTS = 1000
"""Events that may wait; more than anyone causes by talking and typing."""

MOST_TEXT = 16_000_000
"""Bytes of memory that waiting events may take; some pictures, and one event of any length that a socket takes."""


class Uplink:
    """Keeps events and sound in order. Sound that waits is joined, and the oldest of it dropped if too much waits."""

    def __init__(self) -> None:
        self.dropped = 0
        """Bytes of sound that were dropped."""
        self._waiting: deque[str | bytes] = deque()
        self._sound = 0
        self._events = 0
        self._text = 0
        self._news = asyncio.Event()

    def add_event(self, text: str) -> bool:
        """Add an event. Returns whether there was room for it."""
        size = getsizeof(text)
        if self._events >= MOST_EVENTS or (self._events and self._text + size > MOST_TEXT):
            return False
        self._events += 1
        self._text += size
        self._add(text)
        return True

    def add_sound(self, sound: bytes) -> None:
        """Add sound, dropping the oldest if too much waits."""
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
            self._text -= getsizeof(first)
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
