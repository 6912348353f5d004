"""The switch that records the sound of calls."""

from collections.abc import Callable

from nicegui import app, ui

from components.widgets.help_button import HelpButton
from components.words.page import words


class RecordSound(ui.element, default_classes='setting'):
    """The switch that records the sound from now on. It is off until the host turns it on, in each browser.

    Args:
        on_change: Called after it was switched.
    """

    def __init__(self, on_change: Callable[[], object]) -> None:
        super().__init__()
        self._on_change = on_change
        with self:
            ui.switch(
                words('recording.label'), value=records_sound(), on_change=lambda event: self._keep(event.value)
            ).props('data-testid=record-sound')
            help_button = HelpButton(words('panel.help', name=words('recording.label')), words('recording.help'))
        self.props(f'role=group aria-describedby={help_button.text_id}')

    def _keep(self, on: bool) -> None:
        app.storage.user['record_sound'] = on
        self._on_change()


def records_sound() -> bool:
    """Tell whether the browser of the page records calls."""
    return bool(app.storage.user.get('record_sound'))
