"""How the host lets others read along."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from components.words.page import words

from .audience import Audience
from .invitation import qr_image


class AudienceCard(ui.element, default_classes='guests'):
    def __init__(self, begin: Callable[[], Audience], end: Callable[[], None], url: Callable[[], str]) -> None:
        """Audience Card

        Opens and closes the audience view of the host's own call, and shows its link while it is open.

        :param begin: opens the view
        :param end: closes it
        :param url: tells where Parley is found best, with a slash at the end
        """
        super().__init__('section')
        self._begin, self._end, self._url = begin, end, url
        self.props['aria-label'] = words('audience.title')
        with self:
            ui.label(words('audience.title')).classes('guests__title').props('role=heading aria-level=3')
            ui.label(words('audience.what')).classes('share__note')
            self._body = ui.element('div').classes('share__body')
        self._offer()

    def _offer(self) -> None:
        self._body.clear()
        with self._body:
            ui.button(words('audience.open'), on_click=self._open).props('flat no-caps data-testid=audience-open')

    def _open(self) -> None:
        link = self._url() + self._begin().path
        self._body.clear()
        with self._body:
            code = ui.element('img').classes('share__code')
            code.props['src'] = qr_image(link)
            code.props['alt'] = words('audience.code')
            ui.link(link, link, new_tab=True).classes('share__other').props('data-testid=audience-link')
            ui.button(words('audience.close'), on_click=self._close).props('flat no-caps data-testid=audience-close')

    def _close(self) -> None:
        self._end()
        self._offer()
