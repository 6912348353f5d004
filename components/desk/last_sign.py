"""When somebody last spoke or wrote in a call, as far as Python can know without the browser."""

import math
import time
from collections.abc import Callable


class LastSign:
    """The last sign of life in the calls of one page: noted by the relay, or asked for where calls are this program's.

    Args:
        now: Gives Unix seconds.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._noted_at = -math.inf
        self._seen_at: Callable[[], float] = lambda: -math.inf

    def note(self) -> None:
        """Take note that somebody is there."""
        self._noted_at = self._now()

    def follow(self, seen_at: Callable[[], float]) -> None:
        """Count what another sees, too, until another call is followed.

        Args:
            seen_at: Gives the Unix time at which somebody last spoke in a call; -inf if that is not known.
        """
        self._seen_at = seen_at

    @property
    def at(self) -> float:
        """The Unix time of the last sign; -inf if there was none."""
        return max(self._noted_at, self._seen_at())
