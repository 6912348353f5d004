"""Who answers: a named bundle of instructions, voice, language and greeting, and what a good one may hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from components.settings.catalogue import CATALOGUES

from .faces import FACES, PLAIN_FACE, picture

LONGEST: Mapping[str, int] = {'name': 40, 'tagline': 80, 'greeting': 300, 'instructions': 8000}
"""Characters of each text. Instructions are paid for with every answer, and services take 16,384 tokens at most."""

REQUIRED = ('name', 'instructions')
OWN = 'own-'
"""How the ids of the user's own personas begin."""


@dataclass(frozen=True)
class Persona:
    """Someone to talk with."""

    id: str
    name: str
    tagline: str  # a few words, for the card
    instructions: str
    voice: str
    language: str  # ISO 639-1; '' for any
    greeting: str  # what this persona says first
    face: str = PLAIN_FACE

    @property
    def picture(self) -> str:
        """A `data:` URI, ready for the src of an `<img>`."""
        return picture(self.face, self.name[:1].upper())

    @property
    def own(self) -> bool:
        """Whether the user made or kept it, and may change it."""
        return self.id.startswith(OWN)

    @property
    def problems(self) -> list[Problem]:
        """What keeps it from being used, in the order of the fields."""
        return [problem for field in asdict(self) if (problem := check(field, getattr(self, field)))]

    def to_plain(self) -> dict[str, str]:
        """Return what JSON can hold and `read_persona` reads: all but the id, which counts only in its own browser."""
        plain: dict[str, str] = asdict(self)
        del plain['id']
        return plain


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of a persona."""

    field: str
    kind: Literal['empty', 'too_long', 'unknown', 'no_text']
    length: int = 0
    most: int = 0


class BadPersona(Exception):
    """Something that should have been a persona. `name` is empty where not even that could be read."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.name = name
        self.problems = problems


def read_persona(plain: object, id: str = '') -> Persona:
    """Read what came as JSON, from storage, a file or a stranger. Raises BadPersona.

    Only name and instructions must be there. What this version does not know is left out.
    """
    if not isinstance(plain, Mapping):
        raise BadPersona('', [Problem('persona', 'no_text')])
    given = {field: plain[field] for field in _EMPTY.to_plain() if field in plain}
    texts = {field: value for field, value in given.items() if isinstance(value, str)}
    persona = tidy(replace(_EMPTY, id=id, **texts))
    problems = [Problem(field, 'no_text') for field in given if field not in texts]
    problems += [problem for problem in persona.problems if problem.field not in {each.field for each in problems}]
    if problems:
        raise BadPersona(persona.name[: LONGEST['name']], problems)
    return persona


def check(field: str, value: str) -> Problem | None:
    """Return what is wrong with one field of a persona, None if nothing is."""
    if field in REQUIRED and not value:
        return Problem(field, 'empty')
    if field in LONGEST and len(value) > LONGEST[field]:
        return Problem(field, 'too_long', len(value), LONGEST[field])
    return Problem(field, 'unknown') if field in _KNOWN and value not in _KNOWN[field] else None


def tidy(persona: Persona) -> Persona:
    """Return it without what nobody sees: blanks around its texts, and characters that are no text.

    A name is one line. A face that is not known here is a plain one: it would be a pity to refuse a persona for it.
    """
    texts: dict[str, Any] = {field: tidy_text(field, getattr(persona, field)) for field in LONGEST}
    return replace(persona, **texts, face=persona.face if persona.face in FACES else PLAIN_FACE)


def tidy_text(field: str, text: str) -> str:
    """Return one text of a persona as it is kept."""
    text = unicodedata.normalize('NFC', text.replace('\r\n', '\n'))
    text = ''.join(each for each in text if each in '\n\t' or unicodedata.category(each) not in {'Cc', 'Cs'})
    return text.strip() if field == 'instructions' else ' '.join(text.split())


_EMPTY = Persona(id='', name='', tagline='', instructions='', voice='marin', language='', greeting='')
_KNOWN: Mapping[str, Mapping[str, object]] = {
    'voice': CATALOGUES['openai'].voices,
    'language': CATALOGUES['openai'].languages,
}
