"""The choice of the page's language."""

from collections.abc import Callable

from nicegui import ui

from components.widgets.dropdown import Dropdown
from components.widgets.help_button import HelpButton

from .language import LANGUAGES
from .page import words

BROWSER = ''
"""The option for the language that the browser prefers."""


class LanguageChoice(ui.element, default_classes='setting'):
    """Chooses the language of the page, or leaves it to the browser. Each language is listed by its own name.

    Args:
        chosen: The code of the stored choice; anything else stands for the browser's preference.
        on_choice: Called with the code of the chosen language, or `BROWSER`.
    """

    def __init__(self, chosen: object, on_choice: Callable[[str], None]) -> None:
        super().__init__()
        languages = {code: language.name for code, language in LANGUAGES.items()}
        with self:
            self._select = Dropdown(
                {BROWSER: words('language_choice.browser'), **languages},
                label=words('language_choice.label'),
                value=chosen if chosen in languages else BROWSER,
                on_change=lambda event: on_choice(event.value),
            ).props('dense data-testid=language-choice')
            with self._select.add_slot('prepend'):
                ui.icon('translate').props('aria-hidden=true')
            help_button = HelpButton(
                words('panel.help', name=words('language_choice.label')), words('language_choice.help')
            )
            self._reason = ui.label(words('language_choice.after_call')).classes('setting__reason')
        self._reason.set_visibility(False)
        self.props(f'role=group aria-describedby={help_button.text_id}')

    def lock(self, locked: bool) -> None:
        """Disable the choice during a call, since a change reloads the page."""
        self._select.set_enabled(not locked)
        self._reason.set_visibility(locked)
