"""Imports personas from a file or a link, which the browser half detects."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from functools import cache
from typing import Literal

from nicegui import events, ui

from components.settings.catalogue import Catalogue
from components.words.language import one_or_many
from components.words.page import words

from .editor import problem_text
from .file import LARGEST_FILE, FileContent, InvalidEntry, UnreadableFile, read
from .link import unpack
from .note import PersonaNote
from .persona import Persona
from .personas import MOST_OWN, ImportResult, Personas
from .sheets import PersonaPreviewSheet

MOST_NAMED = 3
"""How many invalid entries of a file are named; it may hold thousands."""


class PersonaImporter:
    """Keeps personas from elsewhere and says what became of them. It never chooses one; only the user does."""

    def __init__(
        self,
        personas: Personas,
        note: PersonaNote,
        *,
        catalogue: Callable[[], Catalogue],
        on_kept: Callable[[], None],
        on_choice: Callable[[Persona], None],
    ) -> None:
        """Get ready, and watch the page's address for a shared persona.

        :param catalogue: returns the offer of the provider
        :param on_kept: called when there are more personas than before
        :param on_choice: called with the imported persona if the user wants to talk with it
        """
        self._personas = personas
        self._note = note
        self._on_kept = on_kept
        self._on_choice = on_choice
        self._preview = cache(lambda: PersonaPreviewSheet(catalogue))
        with ui.context.client.content:  # what is in a drawer may not be rendered yet
            PersonaLinkListener(self.open_link)

    def open_link(self, text: str) -> None:
        """Preview the persona of a link, and keep it if the user wishes; the link may come from anyone."""
        try:
            content = unpack(text)
        except UnreadableFile as error:
            self.refuse(error, 'link')
            return
        if content.personas:
            self._preview().preview(content.personas[0], lambda persona: self._keep(FileContent([persona], [])))
        else:
            self.refuse(UnreadableFile('not_personas'), 'link')

    def open_file(self, data: bytes) -> None:
        """Keep the personas of a file that the user has just chosen."""
        try:
            self._keep(read(data))
        except UnreadableFile as error:
            self.refuse(error)

    def refuse(self, error: UnreadableFile, source: Literal['file', 'link'] = 'file') -> None:
        """Say why nothing was imported."""
        if source == 'link' and error.reason != 'other_version':
            self._note.show(words('persona.link_broken'))
        else:
            self._note.show(words(f'persona.unreadable.{error.reason}'))

    def _keep(self, content: FileContent) -> None:
        result = self._personas.import_all(content.personas)
        if result.kept:
            self._on_kept()
        news = ' '.join([*_outcome(result), *_left_out(content.invalid)])
        if len(result.kept) == 1:
            (persona,) = result.kept
            self._note.show(news, words('persona.talk_with', name=persona.name), lambda: self._on_choice(persona))
        else:
            self._note.show(news)


class PersonaDrop(ui.element, component='persona_drop.js'):
    """A place to drop a file of personas on. Its content is what the user sees of it.

    A click handler in the browser may call its `choose`, so that the user can choose a file.
    """

    def __init__(self, *, on_file: Callable[[bytes], None], on_unreadable: Callable[[UnreadableFile], None]) -> None:
        """Create the place, empty.

        :param on_file: called with the content of a file
        :param on_unreadable: called for a file that is too large to be read
        """
        super().__init__()
        self.props['largest'] = LARGEST_FILE
        self.on('file', lambda e: on_file(_content(e)))
        self.on('too-large', lambda: on_unreadable(UnreadableFile('too_large')), [])


PERSONA_SHARED = 'persona-shared'
"""The DOM event that announces a link with a persona."""


class PersonaLinkListener(ui.element, component='persona_link_listener.js'):
    """Notices a link that carries a persona: the one that the page was opened by, or one entered later."""

    def __init__(self, on_link: Callable[[str], None]) -> None:
        """Start listening.

        :param on_link: called with the text behind `#persona=`; it may come from anyone
        """
        super().__init__()
        self.on('link', lambda e: on_link(str(e.args)))


def _content(e: events.GenericEventArguments) -> bytes:
    """Decode the `data:` URI that the browser read; in this form every byte takes the same room."""
    return b64decode(str(e.args).partition(',')[2])


def _outcome(result: ImportResult) -> list[str]:
    news = []
    if len(result.kept) == 1:
        news.append(words('persona.kept_one', name=result.kept[0].name))
    elif result.kept:
        news.append(words('persona.kept_many', count=len(result.kept)))
    if result.duplicates:
        news.append(words(f'persona.known.{one_or_many(result.duplicates)}', count=result.duplicates))
    if result.without_room:
        news.append(words('persona.too_many', most=MOST_OWN))
    return news


def _left_out(invalid: list[InvalidEntry]) -> list[str]:
    news = [
        words(
            'persona.left_out',
            who=entry.name or words('persona.nameless', number=entry.number),
            why=' '.join(problem_text(problem) for problem in entry.problems),
        )
        for entry in invalid[:MOST_NAMED]
    ]
    if len(invalid) > MOST_NAMED:
        news.append(words('persona.left_out_more', count=len(invalid) - MOST_NAMED))
    return news
