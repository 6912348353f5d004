"""Personas as one file, to keep or to pass on: `{"parley_personas": 1, "personas": [{"name": "…", …}]}`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .persona import BadPersona, Persona, Problem, read_persona

VERSION = 1
LARGEST = 500_000
"""Bytes: room for some fifty personas of the greatest length, and less than a page may tell Python at once."""


@dataclass(frozen=True)
class BadEntry:
    """One entry of a file that is no persona."""

    number: int  # counted from 1
    name: str  # empty where it has none
    problems: list[Problem]


@dataclass(frozen=True)
class Reading:
    """What a file held."""

    personas: list[Persona]  # without ids
    bad: list[BadEntry]


class Unreadable(Exception):
    """A file of which nothing can be used."""

    def __init__(self, reason: Literal['too_large', 'not_json', 'not_personas', 'other_version', 'empty']) -> None:
        super().__init__(reason)
        self.reason = reason


def write(personas: Iterable[Persona], *, indent: int | None = 2) -> str:
    """Return the file's text; without an indent it is as short as can be."""
    content = {'parley_personas': VERSION, 'personas': [persona.to_plain() for persona in personas]}
    return json.dumps(content, ensure_ascii=False, indent=indent, separators=None if indent else (',', ':'))


def read(data: bytes) -> Reading:
    """Read a file: the good entries, and what is wrong with the others. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable('too_large')
    try:
        content = json.loads(data.decode('utf-8-sig'))
    except (ValueError, RecursionError):
        raise Unreadable('not_json') from None
    if not isinstance(content, Mapping) or 'parley_personas' not in content:
        raise Unreadable('not_personas')
    if content['parley_personas'] != VERSION or content['parley_personas'] is True:
        raise Unreadable('other_version')
    entries = content.get('personas')
    if not isinstance(entries, list):
        raise Unreadable('not_personas')
    if not entries:
        raise Unreadable('empty')
    return _reading(entries)


def _reading(entries: list[object]) -> Reading:
    reading = Reading([], [])
    for number, entry in enumerate(entries, 1):
        try:
            reading.personas.append(read_persona(entry))
        except BadPersona as bad:
            reading.bad.append(BadEntry(number, bad.name, bad.problems))
    return reading
