"""The timer: how long the call has lasted."""

import time
from collections.abc import Callable

from nicegui import ui

from components.widgets.ticks import Ticks
from components.words.page import language

LAST_MINUTES = 300.0
"""Seconds before the end of the service's session from which the timer counts down."""


class CallTimer(ui.label, default_props='role=timer data-testid=call-timer', default_classes='call-timer'):
    """Counts the minutes and seconds of a live call, and keeps showing them after its end.

    Before the first call it is empty. In the last five minutes of the service's session it counts down to its end.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic, clock: Callable[[], float] = time.time) -> None:
        """Create an empty timer.

        :param now: a monotonic clock in seconds
        :param clock: tells the time in Unix seconds
        """
        super().__init__()
        self._now, self._clock = now, clock
        self._words = language().text
        self._began: float | None = None
        self._expires_at: float | None = None
        self._ticks = Ticks(1, self.show)

    def start(self) -> None:
        """Count from zero, or go on counting: a call that was recovered is the same call."""
        if self._began is None:
            self._began = self._now()
        self.show()
        self._ticks.active = True

    def expire(self, at: float | None) -> None:
        """Take note when the service ends the session, in Unix seconds; None if it doesn't say."""
        self._expires_at = at

    def stop(self) -> None:
        """Stop counting. Stopping twice does no harm."""
        self._expires_at = None
        self.show()
        self._ticks.active = False
        self._began = None

    def show(self) -> None:
        """Show the time since the start, or until the session's end, if the timer is counting."""
        if self._began is None:
            return
        left = self._expires_at - self._clock() if self._expires_at else LAST_MINUTES
        countdown = duration_text(max(0, left)) if left < LAST_MINUTES else ''
        self.text = f'↻ {countdown}' if countdown else duration_text(self._now() - self._began)
        explained = self._words('call_timer.renewal', left=countdown) if countdown else None
        self.props['title'] = self.props['aria-label'] = explained


def duration_text(seconds: float) -> str:
    """Format a duration as `mm:ss`, or as `h:mm:ss` from an hour on, rounded down to a second."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f'{hours}:{minutes:02}:{rest:02}' if hours else f'{minutes:02}:{rest:02}'
