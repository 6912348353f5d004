"""How far the program is behind, by the time that work waits for the event loop."""

import asyncio
import time
from collections.abc import Callable

BEHIND_SECONDS = 0.02
"""From this lag on, the program is behind. With one call, work waits for less than a millisecond."""

CAUGHT_UP_SECONDS = 0.004
"""From this lag down, it is no longer. Far below the other, since less frequent work makes the lag fall."""

_WEIGHT = 0.1  # of the latest measurement


class Lag:
    """Measures how long work waits that is due in the event loop. It sets no timers: measuring costs nothing at rest.

    Args:
        call_soon: Lets the event loop call a function when it gets to it.
        now: Gives seconds, on any clock.
    """

    def __init__(
        self,
        call_soon: Callable[[Callable[[], None]], object] = lambda call: asyncio.get_running_loop().call_soon(call),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.is_behind = False
        self._call_soon = call_soon
        self._now = now
        self._seconds = 0.0
        self._since: float | None = None

    def measure(self) -> None:
        """Measure once, unless that is on its way."""
        if self._since is None:
            self._since = self._now()
            self._call_soon(self._take)

    def _take(self) -> None:
        if self._since is None:
            return
        self._seconds += (self._now() - self._since - self._seconds) * _WEIGHT
        self._since = None
        self.is_behind = self._seconds > (CAUGHT_UP_SECONDS if self.is_behind else BEHIND_SECONDS)
