"""The sheet on the host's page: how others join, who is here, and how to begin and stop sharing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from components.sharing.errors import SharingError
from components.sharing.sharing import Sharing
from components.widgets.icon_button import IconButton
from components.words.page import words

from .audience import Audience
from .audience_card import AudienceCard
from .guests_panel import GuestsPanel
from .invitation import link, qr_image

if TYPE_CHECKING:
    from components.sharing.share import Share

GOODBYE = 3.0
"""Seconds that the listener outlives the visits, so that guests' pages can ask why theirs ended."""


class ShareSheet(ui.dialog):
    """Shows the current address, QR code and passcode, who is here, and how to begin or stop sharing.

    Args:
        sharing: Switches sharing on and off.
        audience: The audience of the host's own call.
        can_begin: Whether sharing can begin.
    """

    def __init__(self, sharing: Sharing, audience: Audience, *, can_begin: bool) -> None:
        super().__init__()
        self._sharing, self._can_begin = sharing, can_begin
        self._guests: GuestsPanel | None = None
        self.props['aria-label'] = words('sharing.title')
        with self, ui.card().classes('share').props('data-testid=share-sheet'):
            ui.label(words('sharing.title')).classes('share__title').props('role=heading aria-level=2')
            self._body = ui.column().classes('share__body')
            self._controls = ui.element('div').classes('share__body')
            AudienceCard(audience, self._audience_link)
            ui.button(words('sharing.close'), on_click=self.close).props('flat no-caps').classes('share__close')
        self._build()
        sharing.changed.subscribe(self._build)
        self.on_value_change(lambda: self._look())

    def show(self) -> None:
        """Open the sheet with the current state."""
        self._invite()
        self.open()

    def _build(self) -> None:
        """Show what can be done now: sharing has begun or ended, perhaps by another page."""
        self._invite()
        self._controls.clear()
        self._guests = None
        share = self._sharing.share
        if share and share.is_on:
            with self._controls:
                self._guests = self._running(share)
        self._look()

    def _running(self, share: Share) -> GuestsPanel:
        guests = GuestsPanel(share)
        with ui.row().classes('share__actions') as actions:
            ui.button(words('sharing.new_passcode'), on_click=self._change).props('outline no-caps')
            ui.button(words('sharing.stop'), on_click=lambda: self._ask(True)).props('outline no-caps')
        with ui.element('div').classes('share__sure').props('role=group') as sure:
            question = ui.label(words('sharing.sure'))
            stop = ui.button(words('sharing.stop'), on_click=self._stop).props(
                'outline no-caps data-testid=stop-sharing'
            )
            ui.button(words('sharing.keep'), on_click=lambda: self._ask(False)).props('outline no-caps')
        sure.props(f'aria-labelledby={question.html_id}')
        self._actions, self._sure, self._stopping = actions, sure, stop
        self._ask(False)
        return guests

    def _invite(self) -> None:
        share = self._sharing.share
        self._body.clear()
        with self._body:
            if share is None or not share.is_on:
                self._offer(ended=share is not None)
            elif urls := share.urls:
                _invite(share, urls)
            else:
                ui.label(words('sharing.no_network'))

    def _offer(self, *, ended: bool) -> None:
        if ended:
            ui.label(words('sharing.stopped')).props('role=status')
        ui.label(words('sharing.how' if self._can_begin else 'sharing.behind_proxy'))
        if self._can_begin:
            self._starting = ui.button(words('sharing.start'), on_click=self._start, color=None)
            self._starting.props('unelevated no-caps data-testid=share-on').classes('button--main')
            self._problem = ui.label().classes('share__problem').props('role=alert')
            with ui.element('details').classes('share__more') as self._details:
                with ui.element('summary'):
                    ui.label(words('sharing.details'))
                self._reason = ui.label().props('lang=en dir=ltr')  # as Parley says it where it was started
            self._details.set_visibility(False)

    def _audience_link(self, path: str) -> str | None:
        share = self._sharing.share
        urls = share.urls if share and share.is_on else []
        return link(share, urls[0] + path) if share and urls else None

    def _look(self) -> None:
        if self._guests:
            self._guests.active = bool(self.value)

    def _change(self) -> None:
        if share := self._sharing.share:
            share.renew_passcode()
            self._invite()
            ui.notify(words('sharing.changed'))

    def _ask(self, sure: bool) -> None:
        self._actions.set_visibility(not sure)
        self._sure.set_visibility(sure)

    async def _start(self) -> None:
        self._starting.props('loading')
        self._problem.text = ''
        self._details.set_visibility(False)
        try:
            await self._sharing.start()
        except SharingError as error:
            self._starting.props(remove='loading')
            self._problem.text = words(f'sharing.problems.{error.problem}')
            self._reason.text = str(error)
            self._details.set_visibility(True)

    async def _stop(self) -> None:
        self._stopping.props('loading')
        await self._sharing.stop(GOODBYE)


def _invite(share: Share, urls: list[str]) -> None:
    ui.label(words('sharing.invitation'))
    code = ui.element('img').classes('share__code')
    code.props['src'] = qr_image(link(share, urls[0]))
    code.props['alt'] = words('sharing.code')
    _fact(words('sharing.address'), urls[0], 'share-address')
    _fact(words('sharing.passcode'), share.passcode, 'share-passcode')
    if urls[1:]:
        with ui.element('details').classes('share__more'):
            with ui.element('summary'):
                ui.label(words('sharing.more'))
            for url in urls[1:]:
                ui.label(url).classes('share__other')
    if share.is_own_authority:
        ui.label(words('sharing.warning')).classes('share__note')


def _fact(name: str, value: str, testid: str) -> None:
    with ui.element('div').classes('share__fact'):
        ui.label(name).classes('share__name')
        ui.label(value).classes('share__value').props(f'data-testid={testid}')

        def copy() -> None:
            ui.clipboard.write(value)
            ui.notify(words('sharing.copied'))

        IconButton('content_copy', f'{words("sharing.copy")}: {name}', copy).props('dense')
