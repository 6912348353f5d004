from collections.abc import Callable

from nicegui import ui

from .language import LANGUAGES
from .page import words

BROWSER = ''
"""Stands for the language that the browser asks for."""


class LanguageChoice(ui.element, default_classes='setting'):
    def __init__(self, chosen: object, on_choice: Callable[[str], None]) -> None:
        """Language Choice

        Which language the page speaks: each by the name that it gives itself, or whatever the browser asks for.

        :param chosen: the code of the language chosen before, perhaps from storage; what is none stands for the browser
        :param on_choice: called with the code of another language, or `BROWSER`
        """
        super().__init__()
        languages = {code: language.name for code, language in LANGUAGES.items()}
        with self:
            self._select = ui.select(
                {BROWSER: words('language_choice.browser'), **languages},
                label=words('language_choice.label'),
                value=chosen if chosen in languages else BROWSER,
                on_change=lambda event: on_choice(event.value),
            ).props('outlined dense popup-content-class=settings-menu data-testid=language-choice')
            with self._select.add_slot('prepend'):
                ui.icon('translate').props('aria-hidden=true')
            self._help = ui.label(words('language_choice.help')).classes('setting__notes')
        self.props(f'role=group aria-describedby={self._help.html_id}')

    def lock(self, locked: bool) -> None:
        """Take no choice, as during a call: it would have to load the page anew."""
        self._select.set_enabled(not locked)
        self._help.text = words('language_choice.after_call' if locked else 'language_choice.help')
