"""The timer: how long the call has lasted."""

import time
from collections.abc import Callable

from nicegui import ui


class CallTimer(ui.label, default_props='role=timer data-testid=call-timer', default_classes='call-timer'):
    """Counts the minutes and seconds of a live call, and keeps showing them after its end.

    Before the first call it is empty.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Create an empty timer.

        :param now: a monotonic clock in seconds
        """
        super().__init__()
        self._now = now
        self._began: float | None = None
        self._ticks = ui.timer(1, self.show, active=False)

    def start(self) -> None:
        """Count from zero, or go on counting: a call that was recovered is the same call."""
        if self._began is None:
            self._began = self._now()
        self.show()
        self._ticks.activate()

    def stop(self) -> None:
        """Stop counting. Stopping twice does no harm."""
        self.show()
        self._ticks.deactivate()
        self._began = None

    def show(self) -> None:
        """Show the time since the start, if the timer is counting."""
        if self._began is not None:
            self.text = duration_text(self._now() - self._began)


def duration_text(seconds: float) -> str:
    """Format a duration as `mm:ss`, or as `h:mm:ss` from an hour on, rounded down to a second."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f'{hours}:{minutes:02}:{rest:02}' if hours else f'{minutes:02}:{rest:02}'
