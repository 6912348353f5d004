"""Whether the conversation is kept: the switch, and the note above the conversation."""

from collections.abc import Callable

from nicegui import ui

from components.widgets.help_button import HelpButton
from components.words.page import words

from .history import History


class OffTheRecord(ui.element, default_classes='setting'):
    """The switch that keeps nothing from now on.

    Args:
        off: Whether it is on when the page opens.
        on_change: Called after it was switched.
        is_guest: Whether the page belongs to a guest, who is told where conversations are kept.
    """

    def __init__(self, off: bool, on_change: Callable[[bool], object], *, is_guest: bool) -> None:
        super().__init__()
        with self:
            ui.switch(words('history.off.label'), value=off, on_change=lambda event: on_change(event.value)).props(
                'data-testid=off-the-record'
            )
            help_text = words('history.off.help_guest' if is_guest else 'history.off.help')
            help_button = HelpButton(words('panel.help', name=words('history.off.label')), help_text)
        self.props(f'role=group aria-describedby={help_button.text_id}')


class KeepingNote(ui.label, default_classes='keeping-note'):
    """Says above the conversation that it is not kept, and why; hidden while it is.

    Args:
        history: Where it should be kept.
    """

    def __init__(self, history: History) -> None:
        super().__init__()
        self.props('role=status data-testid=keeping-note')
        self._history = history
        self.off = False
        self._deleted = False
        self.update_note()
        self.client.on_delete(history.on_problem(self.update_note))

    def show_deletion(self) -> None:
        """Say from now on that the conversation was deleted for good while somebody talked in it."""
        self._deleted = True
        self.update_note()

    def update_note(self) -> None:
        """Show what applies now."""
        problem = self._history.problem
        with self:
            if self.off:
                self.text = words('history.off.note')
            elif self._deleted:
                self.text = words('history.deleted')
            elif problem:
                self.text = words(f'history.problems.{problem}')
        self.set_visibility(self.off or self._deleted or bool(problem))
