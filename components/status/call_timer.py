"""The timer: how long the call has lasted."""

import time
from collections.abc import Callable

from nicegui import ui

from components.words.page import language


class CallTimer(
    ui.element,
    component='call_timer.js',
    default_props='data-testid=call-timer',
    default_classes='call-timer',
):
    """Counts the minutes and seconds of a live call, and keeps showing them after its end.

    Before the first call it is empty. In the last five minutes of the service's session it counts down to its end. The
    browser counts; Python tells it when a call begins and ends.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Create an empty timer.

        :param clock: tells the time in Unix seconds
        """
        super().__init__()
        self._clock = clock
        self._calls = 0
        self._is_counting = False
        self.props['texts'] = language().section('call_timer')
        self.props['calls'] = self._calls
        self.props['counting'] = self._is_counting

    def start(self) -> None:
        """Count from zero, or go on counting: a call that was recovered is the same call."""
        if not self._is_counting:
            self._calls += 1
            self._is_counting = True
            self.props.update({'calls': self._calls, 'counting': True})

    def expire(self, at: float | None) -> None:
        """Take note when the service ends the session, in Unix seconds; None if it doesn't say."""
        self.props['left'] = None if at is None else at - self._clock()

    def stop(self) -> None:
        """Stop counting. Stopping twice does no harm."""
        self._is_counting = False
        self.props.update({'left': None, 'counting': False})
