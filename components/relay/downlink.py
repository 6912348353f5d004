"""Events and sound on their way from a service to a browser."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from sys import getsizeof

from .frames import RATE

WINDOW = 65_536
"""Bytes sent that the browser has not confirmed; more would only wait in unbounded buffers, and events behind it. The
browser confirms at least every 32 kB, so that sound of 48 kB per second passes with delays of half a second."""

MOST_SOUND = 120 * 2 * RATE
"""Bytes of sound that may wait, two minutes: services make an answer faster than it is played."""

MOST_TEXT = 4_000_000
"""Bytes of memory that waiting events may take. Events are never dropped: a browser so far behind is given up."""


@dataclass(frozen=True)
class _Message:
    content: str | bytes
    urgent: bool

    @property
    def size(self) -> int:
        return getsizeof(self.content) if isinstance(self.content, str) else len(self.content)


class Downlink:
    """Keeps numbered messages until the browser has confirmed them, so that a new socket continues where one broke.

    Urgent events pass all that waits. The waiting part is limited: the oldest sound is dropped, and too many events
    end the call.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """Bytes of sound that were dropped because too much waited."""
        self.overflown = False
        """Whether too many events wait."""
        self._sent: deque[_Message] = deque()
        self._sent_size = 0
        self._confirmed = 0  # how many messages before `_sent`
        self._urgent: deque[_Message] = deque()
        self._waiting: deque[_Message] = deque()
        self._sound = 0
        self._text = 0
        self._finished = False
        self._news = asyncio.Event()

    def add(self, message: str | bytes, *, urgent: bool = False) -> None:
        """Add an event or a frame of sound. An urgent event passes all others that wait, but no urgent one."""
        if self._finished:
            return
        added = _Message(message, urgent)
        (self._urgent if urgent else self._waiting).append(added)
        self._count(added, 1)
        while self._sound > MOST_SOUND:
            self.dropped += self._drop_oldest()
        self.overflown = self.overflown or self._text > MOST_TEXT
        self._news.set()

    def drop_sound(self, is_silenced: Callable[[bytes], bool]) -> None:
        """Drop the waiting frames of sound that nobody is to hear any more."""
        kept: deque[_Message] = deque()
        for message in self._waiting:
            if isinstance(message.content, bytes) and is_silenced(message.content):
                self._count(message, -1)
            else:
                kept.append(message)
        self._waiting = kept

    def finish(self) -> None:
        """End the messages: nothing more is added."""
        self._finished = True
        self._news.set()

    async def next(self) -> str | bytes | None:
        """Wait for the next message. Returns None after the last one."""
        while not self._urgent and not self._waiting:
            if self._finished:
                return None
            self._news.clear()
            await self._news.wait()
        message = (self._urgent or self._waiting).popleft()
        self._count(message, -1)
        self._sent.append(message)
        self._sent_size += message.size
        return message.content

    async def room(self) -> None:
        """Wait until the browser has confirmed enough for another message to be sent."""
        while self._sent_size >= WINDOW:
            self._news.clear()
            await self._news.wait()

    def confirm(self, count: int) -> None:
        """Forget the first `count` of all messages ever sent, which the browser has. Impossible counts are ignored."""
        while self._confirmed < count and self._sent:
            self._sent_size -= self._sent.popleft().size
            self._confirmed += 1
        self._news.set()

    def rewind(self, count: int) -> None:
        """Send everything after the first `count` messages again, over a new socket."""
        self.confirm(count)
        while self._sent:
            message = self._sent.pop()
            (self._urgent if message.urgent else self._waiting).appendleft(message)
            self._count(message, 1)
        self._sent_size = 0
        self._news.set()

    def _count(self, message: _Message, sign: int) -> None:
        if isinstance(message.content, str):
            self._text += sign * message.size
        else:
            self._sound += sign * message.size

    def _drop_oldest(self) -> int:
        at = next(at for at, message in enumerate(self._waiting) if isinstance(message.content, bytes))
        dropped = self._waiting[at]
        del self._waiting[at]
        self._count(dropped, -1)
        return dropped.size
