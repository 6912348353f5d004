"""The card with which the host opens and closes the audience view."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from components.words.page import words

from .audience import Audience
from .invitation import qr_image


class AudienceCard(ui.element, default_classes='guests'):
    """Opens and closes the audience view of the host's own call, and shows its link while it is open.

    Args:
        link: Returns the link to a path for others on the network; None if nothing is shared.
    """

    def __init__(self, audience: Audience, link: Callable[[str], str | None]) -> None:
        super().__init__('section')
        self._audience, self._link = audience, link
        self._home = str(self.client.request.base_url)
        self.props['aria-label'] = words('audience.title')
        with self:
            ui.label(words('audience.title')).classes('guests__title').props('role=heading aria-level=3')
            ui.label(words('audience.what')).classes('share__note')
            self._body = ui.element('div').classes('share__body')
        self._offer()

    def _offer(self) -> None:
        self._body.clear()
        with self._body:
            ui.button(words('audience.open'), on_click=self._open).props('outline no-caps data-testid=audience-open')

    def _open(self) -> None:
        self._audience.open()
        path = self._audience.path
        self._body.clear()
        with self._body:
            ui.label(words('audience.here'))
            _link(self._home + path).props('data-testid=audience-link')
            if link := self._link(path):
                ui.label(words('audience.there'))
                code = ui.element('img').classes('share__code')
                code.props['src'] = qr_image(link)
                code.props['alt'] = words('audience.code')
                _link(link.partition('#')[0]).props('data-testid=audience-link-for-others')
            ui.button(words('audience.close'), on_click=self._close).props('outline no-caps data-testid=audience-close')

    def _close(self) -> None:
        self._audience.close()
        self._offer()


def _link(url: str) -> ui.link:
    return ui.link(url, url, new_tab=True).classes('audience__link')
