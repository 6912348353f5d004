"""The choice of how the page looks: light or dark, and how large its text is."""

from collections.abc import Mapping
from copy import copy

from nicegui import app, ui

from components.widgets.dropdown import Dropdown
from components.words.page import words

THEMES: dict[str, bool | None] = {'system': None, 'light': False, 'dark': True}
"""Whether the page is dark; None leaves it to the system."""

SIZES = {'normal': 100, 'large': 118, 'larger': 140}
"""Per cent of the browser's own text size."""


def begin_look() -> None:
    """Let the page that is being built look as its browser has chosen."""
    client = ui.context.client
    client.page = copy(client.page)  # NiceGUI has one theme per route, not per visitor
    client.page.dark = THEMES[_chosen('theme', THEMES)]
    if (size := _chosen('text_size', SIZES)) != 'normal':
        ui.query('html').style(_size(size))


class LookChoice(ui.element, default_classes='look-choice'):
    """Chooses theme and text size. A change shows at once and is kept for the browser."""

    def __init__(self) -> None:
        super().__init__()
        with self:
            self._dark = ui.dark_mode(THEMES[_chosen('theme', THEMES)])
            _choice('theme', [*THEMES]).on_value_change(lambda event: self._choose_theme(event.value))
            _choice('text_size', [*SIZES]).on_value_change(lambda event: self._choose_size(event.value))

    def _choose_theme(self, theme: str) -> None:
        app.storage.user['theme'] = theme
        self._dark.value = THEMES[theme]

    def _choose_size(self, size: str) -> None:
        app.storage.user['text_size'] = size
        ui.query('html').style(replace=_size(size))


def _choice(name: str, options: list[str]) -> Dropdown:
    shown = {option: words(f'look.{name}.{option}') for option in options}
    select = Dropdown(shown, label=words(f'look.{name}.label'), value=_chosen(name, shown))
    test_id = f'look-{name.replace("_", "-")}'
    return select.props(f'dense data-testid={test_id}')


def _chosen(name: str, options: Mapping[str, object]) -> str:
    chosen = app.storage.user.get(name)
    return chosen if isinstance(chosen, str) and chosen in options else next(iter(options))


def _size(name: str) -> str:
    return f'font-size: {SIZES[name]}%'
