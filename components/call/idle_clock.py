"""Python's clock for forgotten calls: it also holds for tabs that sleep and laptops that were closed."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

CHECK_SECONDS = 5.0
"""Between two looks at the clock. A computer that slept for hours looks again as soon as it is awake."""

BROWSERS_OWN = 5.0
"""Seconds by which the browser comes first: it warns, and it knows more about who is there."""


class IdleClock:
    """Hangs up a call whose browser has not reported for a while that somebody is there.

    Args:
        hang_up: Ends the call.
        life_at: Gives the Unix time at which Python itself last saw that somebody is there, without the browser.
        now: Gives Unix seconds, by a clock that goes on while the computer sleeps.
        sleep: Waits for so many seconds.
    """

    def __init__(
        self,
        hang_up: Callable[[], Awaitable[None]],
        life_at: Callable[[], float] = lambda: -math.inf,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limit = 0.0
        """Seconds in which nobody has spoken or written; 0 is never."""
        self._hang_up = hang_up
        self._seen_at = life_at
        self._now = now
        self._sleep = sleep
        self._life_at = 0.0
        self._watch: object | None = None  # the latest

    def note_life(self) -> None:
        """Take note that somebody is there."""
        self._life_at = self._now()

    def stop(self) -> None:
        """Take note that the call has ended."""
        self._watch = None

    async def run(self) -> None:
        """Watch a call that is live from now on, until it ends. Does nothing if that call is watched already."""
        if self._watch:
            return
        watch = self._watch = object()
        self.note_life()
        while self._watch is watch:
            await self._sleep(min(CHECK_SECONDS, self.limit / 10) if self.limit else CHECK_SECONDS)
            if self._watch is watch and self._is_over:
                self._watch = None
                await self._hang_up()

    @property
    def _is_over(self) -> bool:
        """Whether the limit is over, and the time between two reports."""
        life_at = max(self._life_at, self._seen_at())
        return self.limit > 0 and self._now() - life_at > 1.1 * self.limit + BROWSERS_OWN
