"""The welcome, shown before the first conversation."""

import json
from collections.abc import Callable

from nicegui import ui

from components.widgets.ticks import Ticks
from components.words.page import words

EXAMPLES = ('hear', 'do', 'interesting')


def _say(sentence: str) -> str:
    """Return the handler that has the message box say a sentence; within the click, or a browser would stay silent."""
    return f'() => dispatchEvent(new CustomEvent("parley:say", {{ detail: {json.dumps(sentence)} }}))'


class Welcome(ui.element, default_classes='welcome'):
    """Says which button to press and what happens then."""

    def __init__(
        self,
        *,
        hint: Callable[[], str],
        news: Callable[[], str],
        offer: Callable[[], object] = lambda: None,
        is_shown: Callable[[], bool] = lambda: True,
    ) -> None:
        """Create the welcome.

        :param hint: returns the provider that will answer, and advice about it; asked every second
        :param news: returns what the user still waits for; asked every second
        :param offer: builds an offer that stands above the hint
        :param is_shown: tells whether there is no conversation instead; else nothing is asked
        """
        super().__init__('div')
        with self:
            ui.label(words('welcome.title')).classes('welcome__title').props('role=heading aria-level=2')
            ui.label(words('welcome.text')).classes('welcome__text')
            ui.label(words('welcome.hint')).classes('welcome__hint')
            with ui.element('ul').classes('welcome__examples'):
                for example in EXAMPLES:
                    with ui.element('li'):
                        sentence = words(f'welcome.examples.{example}')
                        button = (
                            ui.element('button')
                            .props('type=button data-testid=example')
                            .on('click', js_handler=_say(sentence))
                        )
                        with button:
                            ui.label(sentence)
            offer()
            self._hint = ui.label().classes('welcome__note')
            self._news = ui.label().classes('welcome__note')
        self._ask_hint, self._ask_news, self._is_shown = hint, news, is_shown
        self.update_notes()
        with self:
            self._ticks = Ticks(1, self._tick)
        client = self.client
        for follow in (client.on_connect, client.on_disconnect):  # a page that is gone is kept for a while
            follow(self._tick_if_connected)
        self._tick_if_connected()

    def _tick_if_connected(self) -> None:
        self._ticks.active = self.client.has_socket_connection

    def _tick(self) -> None:
        if self._is_shown():
            self.update_notes()

    def update_notes(self) -> None:
        """Ask for the hint and the news."""
        self._hint.text = self._ask_hint()
        self._news.text = self._ask_news()
