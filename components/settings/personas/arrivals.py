"""Personas that come from elsewhere, by a file or a link."""

from __future__ import annotations

from collections.abc import Callable

from components.words.page import words

from .editor import problem_text
from .file import BadEntry, Reading, Unreadable, read
from .link import unpack
from .note import PersonaNote
from .persona import Persona
from .personas import MOST_OWN, Personas, Taken
from .sheets import PreviewSheet

MOST_NAMED = 3
"""How many bad entries of a file are named; it may hold thousands."""


class PersonaArrivals:
    """Lets them in, and says what became of them. Nobody talks with one of them unless the user says so."""

    def __init__(
        self,
        personas: Personas,
        note: PersonaNote,
        *,
        on_kept: Callable[[], None],
        on_choice: Callable[[Persona], None],
    ) -> None:
        """
        :param on_kept: called when there are more personas than before
        :param on_choice: called with one that has just come, if the user wants to talk with it
        """
        self._personas = personas
        self._note = note
        self._on_kept = on_kept
        self._on_choice = on_choice
        self._preview = PreviewSheet()

    def open_link(self, text: str) -> None:
        """Show what a link holds, and keep it if the user wishes; the link may come from anyone."""
        try:
            reading = unpack(text)
        except Unreadable as unreadable:
            self.refuse(unreadable, 'link')
            return
        if reading.personas:
            self._preview.offer(reading.personas[0], lambda persona: self._take(Reading([persona], [])))
        else:
            self.refuse(Unreadable('not_personas'), 'link')

    def open_file(self, data: bytes) -> None:
        """Keep what a file holds: somebody has just chosen it."""
        try:
            self._take(read(data))
        except Unreadable as unreadable:
            self.refuse(unreadable)

    def refuse(self, unreadable: Unreadable, what: str = 'file') -> None:
        """Say why nothing came in."""
        if what == 'link' and unreadable.reason != 'other_version':
            self._note.show(words('persona.link_broken'))
        else:
            self._note.show(words(f'persona.unreadable.{unreadable.reason}'))

    def _take(self, reading: Reading) -> None:
        taken = self._personas.take(reading.personas)
        if taken.kept:
            self._on_kept()
        news = ' '.join([*_became(taken), *_left_out(reading.bad)])
        if len(taken.kept) == 1:
            (persona,) = taken.kept
            self._note.show(news, words('persona.talk_with', name=persona.name), lambda: self._on_choice(persona))
        else:
            self._note.show(news)


def _became(taken: Taken) -> list[str]:
    told = []
    if len(taken.kept) == 1:
        told.append(words('persona.kept_one', name=taken.kept[0].name))
    elif taken.kept:
        told.append(words('persona.kept_many', count=len(taken.kept)))
    if taken.known:
        told.append(words('persona.known_one' if taken.known == 1 else 'persona.known_many', count=taken.known))
    if taken.without_room:
        told.append(words('persona.too_many', most=MOST_OWN))
    return told


def _left_out(bad: list[BadEntry]) -> list[str]:
    told = [
        words(
            'persona.left_out',
            who=entry.name or words('persona.nameless', number=entry.number),
            why=' '.join(problem_text(problem) for problem in entry.problems),
        )
        for entry in bad[:MOST_NAMED]
    ]
    if len(bad) > MOST_NAMED:
        told.append(words('persona.left_out_more', count=len(bad) - MOST_NAMED))
    return told
