"""The offer of a new call, for changes that a running call cannot take."""

from collections.abc import Callable, Collection

from nicegui import ui

from components.widgets.icon_button import IconButton
from components.words.page import language, words


class NewCallOffer(ui.element):
    """A button that continues the conversation in a new call, which has the settings that the running one cannot take.

    It is offered for the settings that have a text in `panel.continue` of assets/languages.
    """

    def __init__(self, on_accept: Callable[[], None]) -> None:
        """Create the offer, hidden.

        :param on_accept: called when the user takes the offer
        """
        super().__init__('div')
        self.classes('new-call').props('data-testid=new-call-offer')
        self._on_accept = on_accept
        self._button: ui.button | None = None  # until there is something to offer
        self.set_visibility(False)

    def show(self, waiting: Collection[str]) -> None:
        """Offer a new call because of these settings; without any, offer nothing."""
        reason = next((name for name in language().section('panel.continue') if name in waiting), '')
        self.set_visibility(bool(reason))
        if reason:
            self._button = self._button or self._build()
            self._button.text = words(f'panel.continue.{reason}')
            # it may be above what is seen of the drawer
            self.client.run_javascript(f'getHtmlElement({self.id})?.scrollIntoView({{ block: "nearest" }})')

    def _build(self) -> ui.button:
        with self:
            button = ui.button(on_click=self._on_accept, color=None).props('unelevated no-caps').classes('button--main')
            ui.label(words('panel.continue_hint')).classes('new-call__help')
            dismiss = IconButton('close', words('panel.dismiss'), lambda: self.set_visibility(False))
            dismiss.props('dense data-testid=new-call-dismiss').mark('new-call-dismiss')
        return button
