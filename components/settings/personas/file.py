"""Personas in one file, to keep or to share: `{"parley_personas": 1, "personas": [{"name": "…", …}]}`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .persona import InvalidPersona, Persona, Problem, read_persona

VERSION = 1
LARGEST_FILE = 500_000
"""Bytes: room for some fifty personas of the greatest length, and less than a page may send to Python at once."""


@dataclass(frozen=True)
class InvalidEntry:
    """One entry of a file that cannot become a persona."""

    number: int  # counted from 1
    name: str  # '' if it has none
    problems: list[Problem]


@dataclass(frozen=True)
class FileContent:
    """The entries of a file."""

    personas: list[Persona]  # without ids
    invalid: list[InvalidEntry]


class UnreadableFile(Exception):
    """Nothing in a file can be used; `reason` has a text in `persona.unreadable` of assets/languages."""

    def __init__(self, reason: Literal['too_large', 'not_json', 'not_personas', 'other_version', 'empty']) -> None:
        super().__init__(reason)
        self.reason = reason


def write(personas: Iterable[Persona], *, indent: int | None = 2) -> str:
    """Return the text of a file; without an indent it is as short as possible."""
    content = {'parley_personas': VERSION, 'personas': [persona.to_plain() for persona in personas]}
    return json.dumps(content, ensure_ascii=False, indent=indent, separators=None if indent else (',', ':'))


def read(data: bytes) -> FileContent:
    """Read a file: its valid entries, and what is wrong with the others. Raises UnreadableFile."""
    if len(data) > LARGEST_FILE:
        raise UnreadableFile('too_large')
    try:
        content = json.loads(data.decode('utf-8-sig'))
    except (ValueError, RecursionError):
        raise UnreadableFile('not_json') from None
    if not isinstance(content, Mapping) or 'parley_personas' not in content:
        raise UnreadableFile('not_personas')
    if content['parley_personas'] != VERSION or content['parley_personas'] is True:
        raise UnreadableFile('other_version')
    entries = content.get('personas')
    if not isinstance(entries, list):
        raise UnreadableFile('not_personas')
    if not entries:
        raise UnreadableFile('empty')
    return _read_entries(entries)


def _read_entries(entries: list[object]) -> FileContent:
    content = FileContent([], [])
    for number, entry in enumerate(entries, 1):
        try:
            content.personas.append(read_persona(entry))
        except InvalidPersona as error:
            content.invalid.append(InvalidEntry(number, error.name, error.problems))
    return content
