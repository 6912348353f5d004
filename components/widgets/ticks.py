"""Calls that repeat while something is going on."""

from collections.abc import Callable

from nicegui import ui


class Ticks:
    """Calls something every few seconds while it is `active`, which it isn't at first. Ends with the element around it.

    A `ui.timer` that is inactive wakes the program as often as an active one, so this has none while it is idle.

    Args:
        interval: Seconds between two calls. The first comes at once.
        call: What to call.
    """

    def __init__(self, interval: float, call: Callable[[], object]) -> None:
        self._interval, self._call = interval, call
        self._slot = ui.context.slot
        self._timer: ui.timer | None = None

    @property
    def active(self) -> bool:
        """Whether calls are made."""
        return self._timer is not None

    @active.setter
    def active(self, active: bool) -> None:
        if active and self._timer is None and not self._slot.parent.is_deleted:
            with self._slot:
                self._timer = ui.timer(self._interval, self._call)
        elif not active and self._timer:
            self._timer.cancel()
            self._timer = None
