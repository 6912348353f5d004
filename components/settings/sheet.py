from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nicegui import ui


class Sheet(ui.dialog):
    def __init__(self) -> None:
        """Sheet

        Something to read or fill in that lies over the page until it is answered. A click beside it does not close it.
        """
        super().__init__()
        self.props('no-backdrop-dismiss')

    @contextmanager
    def shown(self, title: str) -> Iterator[None]:
        """Lay out anew what the sheet shows, and open it."""
        self.clear()
        self.props['aria-label'] = title
        with self, ui.element('div').classes('sheet-card'):
            body = ui.element('div').classes('sheet-card__body')
            self._answers = ui.element('div').classes('sheet-card__answers')
        with body:
            ui.label(title).classes('sheet__title').props('role=heading aria-level=2')
            yield
        self.open()

    def ask(self, question: str = '') -> None:
        """Take the buttons away, and put a question in their place if there is one; the new ones are its answers."""
        self._answers.clear()
        if question:
            with self._answers:
                ui.label(question).classes('sheet-card__question').props('role=alert')

    def answer(self, text: str, on_click: Callable[[], object], *, main: bool = False) -> ui.button:
        """Add a button below all else; the main one does what the sheet was opened for."""
        with self._answers:
            button = ui.button(text, on_click=lambda: on_click(), color=None).props('unelevated no-caps')
        return button.classes('button--main') if main else button
