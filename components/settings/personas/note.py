"""The note below the persona card."""

from collections.abc import Callable

from nicegui import ui

from components.widgets.icon_button import IconButton
from components.words.page import words


class PersonaNote(ui.element):
    """Says what has just happened, optionally with a button that undoes it or takes the next step.

    It stays until the user closes it or something else happens, so that there is no hurry.
    """

    def __init__(self, on_show: Callable[[], object]) -> None:
        """Create an empty note.

        :param on_show: called when there is something to read
        """
        super().__init__('div')
        self._on_show = on_show
        # a live region must exist before its text does, or screen readers do not announce it
        self.classes('persona-note').props('role=status data-testid=persona-note')
        self.hide()

    def show(self, text: str, action: str = '', on_action: Callable[[], object] = lambda: None) -> None:
        """Show a text, with a button if there is an action."""
        self.clear()
        self.classes(remove='persona-note--empty')
        with self:
            ui.label(text).classes('persona-note__text')
            if action:
                ui.button(action, on_click=lambda: on_action()).props('flat dense no-caps')
            IconButton('close', words('persona.close_note'), self.hide).props('dense')
        self._on_show()

    def hide(self) -> None:
        """Show nothing."""
        self.clear()
        self.classes(add='persona-note--empty')
