"""The welcome, shown before the first conversation."""

from collections.abc import Callable

from nicegui import ui

from components.words.page import words

EXAMPLES = ('hear', 'do', 'interesting')


class Welcome(ui.element, default_classes='welcome'):
    """Says which button to press and what happens then."""

    def __init__(self, *, hint: str, news: Callable[[], str]) -> None:
        """Create the welcome.

        :param hint: see the property
        :param news: returns what the user still waits for; asked every second
        """
        super().__init__('div')
        with self:
            ui.label(words('welcome.title')).classes('welcome__title').props('role=heading aria-level=1')
            ui.label(words('welcome.text')).classes('welcome__text')
            ui.label(words('welcome.hint')).classes('welcome__hint')
            with ui.element('ul').classes('welcome__examples'):
                for example in EXAMPLES:
                    with ui.element('li'):
                        ui.label(words(f'welcome.examples.{example}'))
            self._hint = ui.label(hint).classes('welcome__note')
            self._news = ui.label(news()).classes('welcome__note')
            ui.timer(1, lambda: self._news.set_text(news()))

    @property
    def hint(self) -> str:
        """The provider that will answer, and advice about it."""
        return str(self._hint.text)

    @hint.setter
    def hint(self, hint: str) -> None:
        self._hint.text = hint
