"""How often the pages report to Python: at once with one call, more rarely the more Python has to do."""

import math
import time
from collections.abc import Callable

from .lag import Lag

SHORTEST_MS = 16
"""A frame of a screen. The browser begins with it, see `reports.js`."""

LONGEST_MS = 100
"""Words that come later than this no longer seem to come at once."""

WINDOW_SECONDS = 0.25
"""Over which the work is measured."""

FULL_SHARE = 0.9
"""From this share of a core on, the work that waits is not known."""

_STEP = 1.25  # each change costs a message to each page, so small ones are left out


class BatchInterval:
    """The milliseconds between two messages with a page's reports, the same for all pages.

    They are as many as the program takes percent of a core: the more calls, the less each of them costs. Half as many
    messages are half the work, so the interval at which both are equal is the root of the last interval times the work
    that it brought.

    Args:
        lag: Tells whether the program is behind because others have the core.
        now: Gives seconds, on any clock.
        worked: Gives the seconds of processor time that the program has used.
    """

    def __init__(
        self,
        lag: Lag,
        now: Callable[[], float] = time.monotonic,
        worked: Callable[[], float] = time.process_time,
    ) -> None:
        self.ms = SHORTEST_MS
        self._lag, self._now, self._worked = lag, now, worked
        self._since = self._before = 0.0  # read with the first message: a process that forks begins to work from zero
        self._measures = False

    def measure(self) -> int:
        """Take note that a message came, and return the interval."""
        self._lag.measure()
        now = self._now()
        if not self._measures:
            self._measures = True
            self._since, self._before = now, self._worked()
        if (passed := now - self._since) >= WINDOW_SECONDS:
            worked = self._worked()
            wanted = self._wanted(1.0 if self._lag.is_behind else (worked - self._before) / passed)
            if not self.ms / _STEP < wanted < self.ms * _STEP:
                self.ms = wanted
            self._since, self._before = now, worked
        return self.ms

    def _wanted(self, share: float) -> int:
        if share >= FULL_SHARE:
            return LONGEST_MS
        return min(LONGEST_MS, max(SHORTEST_MS, round(math.sqrt(self.ms * 100 * share))))
