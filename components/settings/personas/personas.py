"""Whom one can talk with: the personas that Parley brings along (`assets/personas.json`), and one browser's own."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from components.words.language import ENGLISH, Text

from .persona import LONGEST, OWN, BadPersona, Persona, read_persona, tidy

MOST_OWN = 100
"""Personas of one browser; more could not be overlooked, and all are read with every page."""


def load(path: Path) -> dict[str, Persona]:
    """Read a file of personas that Parley brings along. Each has a portrait `personas/<id>.svg` beside the file.

    Instructions are a list of lines there, so that people can edit them comfortably. Names and taglines are in
    `personas` of assets/languages. Raises KeyError, TypeError or OSError.
    """
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding='utf-8'))
    return {
        row['id']: Persona(
            **{'name': '', 'tagline': '', **row, 'instructions': '\n'.join(row['instructions'])}, face=row['id']
        )
        for row in rows
    }


def built_in(text: Text) -> Mapping[str, Persona]:
    """Return those that Parley brings along, with names and taglines in the language of `text`.

    Instructions and greeting are in the language that the persona speaks.
    """
    return {
        id: replace(persona, name=text(f'personas.{id}.name'), tagline=text(f'personas.{id}.tagline'))
        for id, persona in _BUILT_IN.items()
    }


_BUILT_IN = load(Path(__file__).parents[3] / 'assets' / 'personas.json')
BUILT_IN = built_in(ENGLISH.text)


class TooMany(Exception):
    """There is no room for another persona."""


@dataclass
class Taken:
    """What became of personas that came from elsewhere."""

    kept: list[Persona] = field(default_factory=list)
    known: int = 0  # so many were here already
    without_room: int = 0


class Personas(Mapping[str, Persona]):
    """The personas of one browser, by id. All its pages may hold one over the same storage: they see each other's."""

    def __init__(
        self, storage: MutableMapping[str, Any] | None = None, built_in: Mapping[str, Persona] = BUILT_IN
    ) -> None:
        """
        :param storage: keeps the browser's own under `personas`; what is bad in there is passed over
        :param built_in: those that nobody can change; the first one is there for whoever is gone
        """
        self._storage = {} if storage is None else storage
        self._built_in = built_in

    def __getitem__(self, id: str) -> Persona:
        if id in self._built_in:
            return self._built_in[id]
        try:
            return read_persona(self._kept[id], id)
        except BadPersona:
            raise KeyError(id) from None

    def __iter__(self) -> Iterator[str]:
        yield from self._built_in
        yield from (persona.id for persona in self.own)

    def __len__(self) -> int:
        return len(self._built_in) + len(self.own)

    @property
    def first(self) -> Persona:
        """Who answers unless another one is chosen."""
        return next(iter(self._built_in.values()))

    @property
    def own(self) -> list[Persona]:
        """Those that the user made or kept, the oldest first."""
        return [self[id] for id in self._kept if id.startswith(OWN) and id in self]

    def find(self, id: str) -> Persona:
        """The persona with this id, or the first of all where it is gone."""
        return self.get(id, self.first)

    def add(self, persona: Persona) -> Persona:
        """Keep a new one, and return it as it is kept: with an id, and a number where its name is taken.

        Raises TooMany.
        """
        if len(self._kept) >= MOST_OWN:
            raise TooMany
        return self._keep(replace(persona, id=persona.id if self._free(persona.id) else OWN + secrets.token_hex(4)))

    def take(self, arrived: Iterable[Persona]) -> Taken:
        """Keep those that came from elsewhere, see `add`. One that is here already does not come twice."""
        taken = Taken()
        for persona in arrived:
            if any(_same(persona, known) for known in self.values()):
                taken.known += 1
            elif len(self._kept) >= MOST_OWN:
                taken.without_room += 1
            else:
                taken.kept.append(self.add(persona))
        return taken

    def change(self, persona: Persona) -> Persona:
        """Keep a changed one, and return it as it is kept."""
        return self._keep(persona)

    def remove(self, persona: Persona) -> None:
        """Forget one of the browser's own; `add` brings it back."""
        self._kept.pop(persona.id, None)

    def _keep(self, persona: Persona) -> Persona:
        persona = tidy(persona)
        taken = {known.name for known in self.values() if known.id != persona.id}
        kept = replace(persona, name=_free_name(persona.name, taken))
        if not self._kept:
            self._storage['personas'] = {}  # only now: a storage that nobody wrote to leaves no file
        self._kept[kept.id] = kept.to_plain()
        return kept

    def _free(self, id: str) -> bool:
        return id.startswith(OWN) and id not in self._kept

    @property
    def _kept(self) -> MutableMapping[str, Any]:
        kept: object = self._storage.get('personas')
        return kept if isinstance(kept, MutableMapping) else {}


def _free_name(name: str, taken: set[str]) -> str:
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f'{_stem(name)} {number}'
    return free


def _stem(name: str) -> str:
    """A name without its number, and short enough for another one."""
    return re.sub(r' \d+$', '', name)[: LONGEST['name'] - 4].strip()


def _same(one: Persona, other: Persona) -> bool:
    return _stem(one.name) == _stem(other.name) and replace(one, id='', name='') == replace(other, id='', name='')
