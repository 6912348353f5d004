"""How long the call has lasted."""

import time
from collections.abc import Callable

from nicegui import ui


class CallTimer(ui.label, default_props='role=timer data-testid=call-timer', default_classes='call-timer'):
    """Counts the minutes and seconds of a live call and keeps showing them after its end.

    Before the first call it is empty: there is no time to tell.

    `now` is a monotonic clock in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._began: float | None = None
        self._ticks = ui.timer(1, self.show, active=False)

    def start(self) -> None:
        """Count from zero: the call is live."""
        self._began = self._now()
        self.show()
        self._ticks.activate()

    def stop(self) -> None:
        """Stop counting: the call ended. Stopping twice does no harm."""
        self.show()
        self._ticks.deactivate()
        self._began = None

    def show(self) -> None:
        """Show the time that has passed, if the call is live."""
        if self._began is not None:
            self.text = duration_text(self._now() - self._began)


def duration_text(seconds: float) -> str:
    """Write a duration as `mm:ss`, or as `h:mm:ss` from an hour on; fractions of a second are cut off."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f'{hours}:{minutes:02}:{rest:02}' if hours else f'{minutes:02}:{rest:02}'
