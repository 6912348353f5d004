"""All personas of one browser: those that Parley ships with (`assets/personas.json`), and the user's own."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from components.words.language import ENGLISH, Text

from .persona import LONGEST, OWN, InvalidPersona, Persona, read_persona, tidy

MOST_OWN = 100
"""Own personas of one browser: with more, a dropdown is hard to use, and every page reads all of them."""


def load(path: Path) -> dict[str, Persona]:
    """Read the file of personas that Parley ships with. Each has a portrait `personas/<id>.svg` beside the file.

    Instructions are a list of lines there, which is easy to edit. Names and taglines are in `personas` of
    assets/languages. Raises KeyError, TypeError or OSError.
    """
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding='utf-8'))
    return {
        row['id']: Persona(
            **{'name': '', 'tagline': '', **row, 'instructions': '\n'.join(row['instructions'])}, face=row['id']
        )
        for row in rows
    }


def built_in(text: Text) -> Mapping[str, Persona]:
    """Return the personas that Parley ships with, with names and taglines in the language of `text`.

    Their instructions and greetings are in the language that they speak.
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
class ImportResult:
    """The outcome of an import."""

    kept: list[Persona] = field(default_factory=list)
    duplicates: int = 0  # how many the browser had already
    without_room: int = 0  # how many did not fit, see `MOST_OWN`


class Personas(Mapping[str, Persona]):
    """The personas of one browser, by id. Pages that share a storage see each other's changes."""

    def __init__(
        self, storage: MutableMapping[str, Any] | None = None, built_in: Mapping[str, Persona] = BUILT_IN
    ) -> None:
        """Open the personas of a storage.

        :param storage: keeps the user's own under `personas`; invalid ones are ignored
        :param built_in: those that cannot be changed; the first one replaces a deleted persona
        """
        self._storage = {} if storage is None else storage
        self._built_in = built_in

    def __getitem__(self, id: str) -> Persona:
        if id in self._built_in:
            return self._built_in[id]
        try:
            return read_persona(self._kept[id], id)
        except InvalidPersona:
            raise KeyError(id) from None

    def __iter__(self) -> Iterator[str]:
        yield from self._built_in
        yield from (persona.id for persona in self.own)

    def __len__(self) -> int:
        return len(self._built_in) + len(self.own)

    @property
    def first(self) -> Persona:
        """The default."""
        return next(iter(self._built_in.values()))

    @property
    def own(self) -> list[Persona]:
        """The user's own, the oldest first."""
        return [self[id] for id in self._kept if id.startswith(OWN) and id in self]

    def find(self, id: str) -> Persona:
        """Return the persona with this id, or the first one if there is none."""
        return self.get(id, self.first)

    def add(self, persona: Persona) -> Persona:
        """Keep a new persona, and return it as it is kept: with an id, and with a number if its name is taken.

        Raises TooMany.
        """
        if len(self._kept) >= MOST_OWN:
            raise TooMany
        return self._keep(replace(persona, id=persona.id if self._free(persona.id) else OWN + secrets.token_hex(4)))

    def import_all(self, imported: Iterable[Persona]) -> ImportResult:
        """Keep imported personas, see `add`, except those that the browser has already."""
        result = ImportResult()
        for persona in imported:
            if any(_same(persona, known) for known in self.values()):
                result.duplicates += 1
            elif len(self._kept) >= MOST_OWN:
                result.without_room += 1
            else:
                result.kept.append(self.add(persona))
        return result

    def change(self, persona: Persona) -> Persona:
        """Keep a changed persona, and return it as it is kept."""
        return self._keep(persona)

    def remove(self, persona: Persona) -> None:
        """Delete one of the user's own; `add` brings it back."""
        self._kept.pop(persona.id, None)

    def free_name(self, name: str, id: str = '') -> str:
        """Return a name, with a number if a persona other than the one with this id has it."""
        taken = {known.name.casefold() for known in self.values() if known.id != id}
        number, free = 1, name
        while free.casefold() in taken:
            number += 1
            free = f'{_stem(name)} {number}'
        return free

    def _keep(self, persona: Persona) -> Persona:
        persona = tidy(persona)
        kept = replace(persona, name=self.free_name(persona.name, persona.id))
        if not self._kept:
            self._storage['personas'] = {}  # only now: NiceGUI creates no file for a storage that was never written to
        self._kept[kept.id] = kept.to_plain()
        return kept

    def _free(self, id: str) -> bool:
        return id.startswith(OWN) and id not in self._kept

    @property
    def _kept(self) -> MutableMapping[str, Any]:
        kept: object = self._storage.get('personas')
        return kept if isinstance(kept, MutableMapping) else {}


def _stem(name: str) -> str:
    """Return a name without its number, and short enough for another one."""
    return re.sub(r' \d+$', '', name)[: LONGEST['name'] - 4].strip()


def _same(one: Persona, other: Persona) -> bool:
    return _stem(one.name) == _stem(other.name) and replace(one, id='', name='') == replace(other, id='', name='')
