"""The log of every event that a call sends and receives."""

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from components.call.reports import EventRecord
from components.widgets.copy_button import CLIPBOARD
from components.words.page import language


class EventLog(ui.element, component='event_log.js', dependencies=[CLIPBOARD], default_props='data-testid=event-log'):
    """Shows the newest 500 events of both directions. They can be filtered, opened to see the JSON, and copied.

    The rows live in the browser, so a long call takes no memory in Python.
    """

    def __init__(self) -> None:
        super().__init__()
        self.props['texts'] = language().section('event_log')
        self._untyped = language().text('event_log.untyped')
        self._first_at_ms: float | None = None

    def begin_call(self) -> None:
        """Count time from the next event on. The events of earlier calls stay."""
        self._first_at_ms = None

    def add(self, records: Sequence[EventRecord]) -> None:
        """Append events, oldest first. An empty batch costs nothing."""
        if records:
            self.run_method('add', [self._row(record) for record in records])

    def _row(self, record: EventRecord) -> dict[str, Any]:
        if self._first_at_ms is None:
            self._first_at_ms = record.at_ms
        return {
            'seconds': (record.at_ms - self._first_at_ms) / 1000,
            'direction': record.direction,
            'type': str(record.json.get('type', self._untyped)),
            'event': record.json,
        }
