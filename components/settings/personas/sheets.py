"""Sheets that lie over the page: their base class, one that shares a persona, and one that previews it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nicegui import ui

from components.settings.catalogue import CATALOGUES, Catalogue
from components.words.page import language, words

from .file import write
from .link import TooLong, fragment
from .persona import Persona
from .picker import PersonaCard


class Sheet(ui.dialog):
    """A sheet to read or fill in, which stays until it is answered: a click beside it does not close it."""

    def __init__(self) -> None:
        super().__init__()
        self.props('no-backdrop-dismiss')

    @contextmanager
    def shown(self, title: str) -> Iterator[None]:
        """Replace the content of the sheet by the elements created inside, and open it."""
        self.clear()
        self.props['aria-label'] = title
        with self, ui.element('div').classes('sheet-card'):
            body = ui.element('div').classes('sheet-card__body')
            self._buttons = ui.element('div').classes('sheet-card__answers')
        with body:
            ui.label(title).classes('sheet__title').props('role=heading aria-level=2')
            yield
        self.open()

    def ask(self, question: str = '') -> None:
        """Remove the buttons and, if there is a question, show it; the next buttons are its answers."""
        self._buttons.clear()
        if question:
            with self._buttons:
                ui.label(question).classes('sheet-card__question').props('role=alert')

    def add_button(self, text: str, on_click: Callable[[], object], *, main: bool = False) -> ui.button:
        """Add a button below the content; the main one does what the sheet was opened for."""
        with self._buttons:
            button = ui.button(text, on_click=lambda: on_click(), color=None).props('unelevated no-caps')
        return button.classes('button--main') if main else button


ReachableAt = Callable[[], str | None]
"""Returns the address at which other people open Parley: empty for that of the page, None if only this computer can."""


class PersonaShareSheet(Sheet):
    """Shares a persona by a link or a file. One sheet serves all personas of a page.

    Args:
        reachable_at: Where the link leads to.
    """

    def __init__(self, reachable_at: ReachableAt) -> None:
        super().__init__()
        self._reachable_at = reachable_at

    def share(self, persona: Persona) -> None:
        """Offer a link, or only a file if the persona is too long for a link."""
        with self.shown(words('persona.share.title', name=persona.name)):
            try:
                shared = fragment(persona)
            except TooLong:
                ui.label(words('persona.share.too_long')).props('role=status')
            else:
                address = self._reachable_at()
                PersonaLinkRow(shared, address or '')
                ui.label(words('persona.share.help' if address is None else 'persona.share.help_reachable')).classes(
                    'sheet__note'
                )
            self.add_button(words('persona.share.file'), lambda: save_file([persona]))
            self.add_button(words('persona.done'), self.close, main=True)


class PersonaLinkRow(ui.element, component='persona_link_row.js'):
    """A link that carries a persona, with a button that copies it.

    Args:
        fragment: The persona, see `link.fragment`.
        address: The page that it leads to; empty for this one.
    """

    def __init__(self, fragment: str, address: str) -> None:
        super().__init__()
        self.props['fragment'] = fragment
        self.props['address'] = address
        self.props['texts'] = language().section('persona.share')


class PersonaPreviewSheet(Sheet):
    """Shows a persona that a stranger may have shared. One sheet serves all personas of a page.

    Args:
        catalogue: Returns the offer of the provider.
    """

    def __init__(self, catalogue: Callable[[], Catalogue]) -> None:
        super().__init__()
        self._catalogue = catalogue

    def preview(self, persona: Persona, on_keep: Callable[[Persona], None]) -> None:
        """Show all of a persona before anything is done with it.

        :param on_keep: called if the user wants to keep it
        """

        def keep() -> None:
            self.close()
            on_keep(persona)

        with self.shown(words('persona.preview.title')):
            PersonaCard(persona)
            if persona.greeting:
                ui.label(words('persona.preview.greeting', greeting=persona.greeting))
            voice = voice_names(self._catalogue())[persona.voice]
            spoken = CATALOGUES['openai'].languages[persona.language].label(words)
            ui.label(words('persona.preview.sound', voice=voice, language=spoken)).classes('sheet__note')
            ui.label(words('persona.preview.warning'))
            text = ui.label(persona.instructions).classes('preview__instructions')
            text.props('tabindex=0 role=region data-testid=preview-instructions')
            text.props['aria-label'] = words('persona.fields.instructions')
            self.add_button(words('persona.preview.decline'), self.close)
            self.add_button(words('persona.preview.keep'), keep, main=True)


def voice_names(catalogue: Catalogue) -> dict[str, str]:
    """Return the voices that a persona may have, by id: as a provider calls them, if it has them."""
    return {id: catalogue.voices.get(id, voice).label(words) for id, voice in CATALOGUES['openai'].voices.items()}


def save_file(personas: list[Persona]) -> None:
    """Let the browser save personas as one file."""
    ui.download.content(write(personas).encode(), 'parley-personas.json', 'application/json')
