"""The log of every event that a call sends and receives."""

from nicegui import ui

from components.widgets.clipboard.copy_button import CLIPBOARD
from components.words.page import language


class EventLog(ui.element, component='event_log.js', dependencies=[CLIPBOARD], default_props='data-testid=event-log'):
    """Shows the newest events of both directions. They can be filtered, opened to see the JSON, copied and saved.

    It takes the events from the call on the same page and keeps them there, so Python has no work with it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.props['texts'] = language().section('event_log')
