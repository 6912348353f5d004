"""The offers of a mind: one for an engine without a language model, and one in the settings."""

from collections.abc import Callable
from functools import cache

from nicegui import ui

from components.engine.servers.stage_server import mind_note
from components.providers.engine.service import notice_text
from components.sharing.visitor import Guest, visitor
from components.widgets.ticks import Ticks
from components.words.page import words

from .engine_mind import EngineMind
from .sheet import MindSheet, percent


def mind_sheet(mind: EngineMind) -> Callable[[], MindSheet] | None:
    """Return how the page that is being built gets its one sheet, which is created with the first call.

    A guest's page gets none: it is the host's computer.
    """
    return None if isinstance(visitor(ui.context.client.request.scope), Guest) else cache(lambda: MindSheet(mind))


class MindOffer(ui.element):
    """Says that the engine has no language model, with a button for the host. Shown only while that is so.

    Args:
        mind: The engine's mind.
        sheet: Gives the sheet that the button opens; None on a guest's page.
        applies: Tells whether the engine is the provider.
    """

    def __init__(self, mind: EngineMind, sheet: Callable[[], MindSheet] | None, applies: Callable[[], bool]) -> None:
        super().__init__()
        self.classes('mind-offer').props('data-testid=mind-offer')
        self._mind, self._applies = mind, applies
        with self:
            self._label = ui.label().classes('mind-offer__text')
            if sheet:
                button = ui.button(words('mind.give'), on_click=lambda: sheet().show(), color=None).props(
                    'unelevated no-caps'
                )
                button.classes('button--main')
        self._guest = sheet is None
        self._ticks = Ticks(1, self.follow)
        mind.changed.subscribe(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show what is true now: the mind, what is being fetched, or the provider may have changed."""
        self.set_visibility(self._applies() and self._mind.is_missing)
        fetch = self._mind.library.fetching
        self._ticks.active = fetch is not None
        if fetch and not self._guest:
            self._label.text = words('mind.being_fetched', name=fetch.model.name, percent=percent(fetch))
        else:
            self._label.text = words('mind.missing_for_guest' if self._guest else 'mind.missing')


class MindRow(ui.element):
    """Says what answers in the engine, with a button that opens the sheet. Shown while the engine is the provider."""

    def __init__(self, mind: EngineMind, sheet: Callable[[], MindSheet], applies: Callable[[], bool]) -> None:
        super().__init__()
        self.classes('mind-row').props('data-testid=mind-row')
        self._mind, self._applies = mind, applies
        with self:
            self._label = ui.label().classes('mind-row__text')
            self._button = ui.button(on_click=lambda: sheet().show(), color=None).props('outline no-caps dense')
        mind.changed.subscribe(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show what is true now: the mind or the provider may have changed."""
        self.set_visibility(self._applies())
        self._label.text = notice_text(mind_note(self._mind.choice), words)
        self._button.text = words('mind.give' if self._mind.is_missing else 'mind.change')
