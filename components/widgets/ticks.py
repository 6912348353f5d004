"""Calls that repeat while something is going on."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from nicegui import ui
from nicegui.slot import Slot
from nicegui.timer import Timer


class Ticks:
    """Calls something every few seconds while it is `active`, which it isn't at first. Ends with the element around it.

    A `ui.timer` would be an element: each begin and end of one renders the whole page again, also while the page loads.
    One that is inactive wakes the program as often as an active one.

    Args:
        interval: Seconds between two calls. The first comes at once.
        call: What to call.
    """

    def __init__(self, interval: float, call: Callable[[], object]) -> None:
        self._interval, self._call = interval, call
        self._slot = ui.context.slot
        self._timer: _SlotTimer | None = None

    @property
    def active(self) -> bool:
        """Whether calls are made."""
        return self._timer is not None

    @active.setter
    def active(self, active: bool) -> None:
        if active and self._timer is None and not self._slot.parent.is_deleted:
            self._timer = _SlotTimer(self._slot, self._interval, self._call)
        elif not active and self._timer:
            self._timer.cancel()
            self._timer = None


class _SlotTimer(Timer):
    """A timer that works for a slot, as `ui.timer` does, without being an element."""

    def __init__(self, slot: Slot, interval: float, call: Callable[[], object]) -> None:
        self._slot, self._element = slot, slot.parent
        super().__init__(interval, call)

    def _get_context(self) -> AbstractContextManager[object]:
        return self._slot

    def _should_stop(self) -> bool:
        return self._element.is_deleted or super()._should_stop()
