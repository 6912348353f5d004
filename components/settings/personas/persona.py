"""A persona: a named bundle of instructions, voice, language and greeting, and the rules for a valid one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from components.settings.catalogue import CATALOGUES

from .faces import FACES, PLAIN_FACE, picture

LONGEST: Mapping[str, int] = {'name': 40, 'tagline': 80, 'greeting': 300, 'instructions': 8000}
"""Characters of each text. Every answer costs the instructions again, and services take 16,384 tokens at most."""

REQUIRED = ('name', 'instructions')
OWN = 'own-'
"""Prefix of the ids of the user's own personas."""


@dataclass(frozen=True)
class Persona:
    """Someone to talk with."""

    id: str
    name: str
    tagline: str  # a few words, for the card
    instructions: str
    voice: str
    language: str  # ISO 639-1; '' for any
    greeting: str  # the first words of this persona
    face: str = PLAIN_FACE

    @property
    def picture(self) -> str:
        """A `data:` URI, ready for the src of an `<img>`."""
        return picture(self.face, self.name[:1].upper())

    @property
    def own(self) -> bool:
        """Whether it belongs to the user, who may change it."""
        return self.id.startswith(OWN)

    @property
    def problems(self) -> list[Problem]:
        """The problems that make it invalid, in the order of the fields."""
        return [problem for field in asdict(self) if (problem := check(field, getattr(self, field)))]

    def to_plain(self) -> dict[str, str]:
        """Return a dictionary for JSON, which `read_persona` reads: all fields but the id, which is the browser's."""
        plain: dict[str, str] = asdict(self)
        del plain['id']
        return plain


@dataclass(frozen=True)
class Problem:
    """A problem with one field of a persona; `kind` has a text in `persona.problems` of assets/languages."""

    field: str
    kind: Literal['empty', 'too_long', 'unknown', 'wrong_type']
    length: int = 0
    most: int = 0


class InvalidPersona(Exception):
    """Something could not become a persona. `name` is empty if not even the name could be read."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.name = name
        self.problems = problems


def read_persona(plain: object, id: str = '') -> Persona:
    """Read a persona from JSON: from storage, a file or a stranger's link. Raises InvalidPersona.

    Only name and instructions are required. Unknown fields are ignored.
    """
    if not isinstance(plain, Mapping):
        raise InvalidPersona('', [Problem('persona', 'wrong_type')])
    given = {field: plain[field] for field in _EMPTY.to_plain() if field in plain}
    texts = {field: value for field, value in given.items() if isinstance(value, str)}
    persona = tidy(replace(_EMPTY, id=id, **texts))
    problems = [Problem(field, 'wrong_type') for field in given if field not in texts]
    problems += [problem for problem in persona.problems if problem.field not in {each.field for each in problems}]
    if problems:
        raise InvalidPersona(persona.name[: LONGEST['name']], problems)
    return persona


def check(field: str, value: str) -> Problem | None:
    """Return what is wrong with one field of a persona, None if nothing is."""
    if field in REQUIRED and not value:
        return Problem(field, 'empty')
    if field in LONGEST and len(value) > LONGEST[field]:
        return Problem(field, 'too_long', len(value), LONGEST[field])
    return Problem(field, 'unknown') if field in _KNOWN and value not in _KNOWN[field] else None


def tidy(persona: Persona) -> Persona:
    """Return the persona with tidy texts, see `tidy_text`, and the plain face instead of an unknown one."""
    texts: dict[str, Any] = {field: tidy_text(field, getattr(persona, field)) for field in LONGEST}
    return replace(persona, **texts, face=persona.face if persona.face in FACES else PLAIN_FACE)


def tidy_text(field: str, text: str) -> str:
    """Return a text without control characters, surrogates and surplus space; only instructions keep their lines."""
    text = unicodedata.normalize('NFC', text.replace('\r\n', '\n'))
    text = ''.join(each for each in text if each in '\n\t' or unicodedata.category(each) not in {'Cc', 'Cs'})
    return text.strip() if field == 'instructions' else ' '.join(text.split())


_EMPTY = Persona(id='', name='', tagline='', instructions='', voice='marin', language='', greeting='')
_KNOWN: Mapping[str, Mapping[str, object]] = {
    'voice': CATALOGUES['openai'].voices,
    'language': CATALOGUES['openai'].languages,
}
