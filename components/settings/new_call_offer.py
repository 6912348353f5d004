from collections.abc import Callable, Collection

from nicegui import ui

from components.words.page import words


class NewCallOffer(ui.element):
    def __init__(self, on_accept: Callable[[], None]) -> None:
        """New Call Offer

        A button for what a running call cannot change: it goes on in a new one that knows what was said so far.

        :param on_accept: called when the user takes the offer
        """
        super().__init__('div')
        self.classes('new-call').props('data-testid=new-call-offer')
        with self:
            self._button = ui.button(on_click=on_accept, color=None).props('unelevated no-caps')
            self._button.classes('button--main')
            ui.label(words('panel.continue_hint')).classes('new-call__help')
        self.show(())

    def show(self, waiting: Collection[str]) -> None:
        """Offer a new call because of these fields of the settings; without any, offer nothing."""
        what = next((name for name in ('provider', 'model', 'voice') if name in waiting), None)
        self._button.text = words(f'panel.continue.{what}') if what else ''
        self.set_visibility(what is not None)
