"""The sheet on the host's page that says how others join."""

from nicegui import ui

from components.words.page import words

from .invitation import link, qr_image
from .share import Share


class ShareSheet(ui.dialog):
    """Shows address, QR code and passcode as they are when it is opened; where nothing is shared, how to begin."""

    def __init__(self, share: Share | None) -> None:
        super().__init__()
        self._share = share
        self.props['aria-label'] = words('sharing.title')
        with self, ui.card().classes('share').props('data-testid=share-sheet'):
            self._body = ui.column().classes('share__body')
            ui.button(words('sharing.close'), on_click=self.close).props('flat no-caps').classes('share__close')

    def show(self) -> None:
        """Open it, with what is true now."""
        self._body.clear()
        with self._body:
            ui.label(words('sharing.title')).classes('share__title').props('role=heading aria-level=2')
            if self._share is None:
                ui.label(words('sharing.how'))
                ui.label(words('sharing.command')).classes('share__command')
            elif urls := self._share.urls:
                _invite(self._share, urls)
            else:
                ui.label(words('sharing.no_network'))
        self.open()


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

        copying = ui.button(icon='content_copy', on_click=copy).props('flat round dense')
        copying.props['aria-label'] = f'{words("sharing.copy")}: {name}'
