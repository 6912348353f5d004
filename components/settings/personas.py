"""Who answers: named bundles of instructions, voice, language and greeting. The data is `assets/personas.json`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


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

    In the file, instructions are a list of lines, so that people can edit them comfortably.
    """
    rows = json.loads(path.read_text(encoding='utf-8'))
    return {row['id']: _persona(row, path.parent / 'personas' / f'{row["id"]}.svg') for row in rows}


def _persona(row: dict[str, Any], portrait: Path) -> Persona:
    return Persona(**{**row, 'instructions': '\n'.join(row['instructions'])}, picture=_data_uri(portrait))


def _data_uri(svg: Path) -> str:
    return f'data:image/svg+xml;base64,{b64encode(svg.read_bytes()).decode()}'


PERSONAS: Mapping[str, Persona] = load(Path(__file__).parents[2] / 'assets' / 'personas.json')
