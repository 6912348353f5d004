"""A time, written as the reader's own clock and language have it."""

from typing import Literal

from nicegui import ui

Form = Literal['time', 'day', 'day-time', 'date-time']


class LocalTime(ui.element, component='local_time.js'):
    """Shows a time of day, a day, or both; `date-time` has the year, too. The full date and time is its tooltip."""

    def __init__(self, at: float, form: Form) -> None:
        """Show a time.

        :param at: Unix seconds
        :param form: what to show of it
        """
        super().__init__()
        self.props['at'] = at
        self.props['form'] = form
