"""The sheets by which personas come and go: one to share a persona, one that shows a stranger's."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from components.settings.catalogue import CATALOGUES
from components.settings.sheet import Sheet
from components.words.page import words

from .card import PersonaCard
from .file import write
from .link import TooLong, fragment
from .link_row import PersonaLinkRow
from .persona import Persona


class ShareSheet(Sheet):
    """Opened again and again, each time for one persona."""

    def share(self, persona: Persona) -> None:
        """Offer a link, or a file where the persona is too long for one."""
        with self.shown(words('persona.share.title', name=persona.name)):
            try:
                shared = fragment(persona)
            except TooLong:
                ui.label(words('persona.share.too_long')).props('role=status')
            else:
                PersonaLinkRow(shared)
                ui.label(words('persona.share.help')).classes('sheet__note')
            self.answer(words('persona.share.file'), lambda: save_file([persona]))
            self.answer(words('persona.done'), self.close, main=True)


class PreviewSheet(Sheet):
    """Opened again and again, each time for one persona."""

    def offer(self, persona: Persona, on_keep: Callable[[Persona], None]) -> None:
        """Show what a stranger's persona is, all of it, before anything is done with it."""
        catalogue = CATALOGUES['openai']
        with self.shown(words('persona.preview.title')):
            PersonaCard().show(persona)
            if persona.greeting:
                ui.label(words('persona.preview.greeting', greeting=persona.greeting))
            voice = catalogue.voices[persona.voice].label(words)
            language = catalogue.languages[persona.language].label(words)
            ui.label(words('persona.preview.sound', voice=voice, language=language)).classes('sheet__note')
            ui.label(words('persona.preview.warning'))
            text = ui.label(persona.instructions).classes('preview__instructions')
            text.props('tabindex=0 role=region data-testid=preview-instructions')
            text.props['aria-label'] = words('persona.fields.instructions')
            self.answer(words('persona.preview.decline'), self.close)
            self.answer(words('persona.preview.keep'), lambda: self._keep(persona, on_keep), main=True)

    def _keep(self, persona: Persona, on_keep: Callable[[Persona], None]) -> None:
        self.close()
        on_keep(persona)


def save_file(personas: list[Persona]) -> None:
    """Let the browser save personas as one file."""
    ui.download.content(write(personas).encode(), 'parley-personas.json', 'application/json')
