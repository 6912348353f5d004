"""Who answers: named bundles of instructions, voice, language and greeting. The data is `assets/personas.json`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from components.words.language import ENGLISH, Text


@dataclass(frozen=True)
class Persona:
    """Someone to talk with."""

    id: str
    name: str
    tagline: str  # a few words, for the card
    instructions: str
    voice: str
    language: str  # ISO 639-1; '' for any
    greeting: str  # what this persona would say first
    picture: str = field(repr=False)  # a data: URI, ready for the src of an <img>


def load(path: Path) -> dict[str, Persona]:
    """Read a persona file, with the portraits `personas/<id>.svg` beside it. Raises KeyError, TypeError or OSError.

    In the file, instructions are a list of lines, so that people can edit them comfortably. Names and taglines of
    Parley's own are in `personas` of assets/languages.
    """
    rows = json.loads(path.read_text(encoding='utf-8'))
    return {row['id']: _persona(row, path.parent / 'personas' / f'{row["id"]}.svg') for row in rows}


def introduced(persona: Persona, text: Text) -> Persona:
    """Return one of Parley's own personas with its name and tagline in the language of `text`; others stay as they are.

    Instructions and greeting are in the language that the persona speaks.
    """
    return _named(persona, text) if persona.id in PERSONAS else persona


def _persona(row: dict[str, Any], portrait: Path) -> Persona:
    rest = {'instructions': '\n'.join(row['instructions']), 'picture': _data_uri(portrait)}
    return Persona(**{'name': '', 'tagline': '', **row, **rest})


def _named(persona: Persona, text: Text) -> Persona:
    return replace(persona, name=text(f'personas.{persona.id}.name'), tagline=text(f'personas.{persona.id}.tagline'))


def _data_uri(svg: Path) -> str:
    return f'data:image/svg+xml;base64,{b64encode(svg.read_bytes()).decode()}'


_OWN = load(Path(__file__).parents[2] / 'assets' / 'personas.json')
PERSONAS: Mapping[str, Persona] = {id: _named(persona, ENGLISH.text) for id, persona in _OWN.items()}
"""Those that Parley brings along."""
