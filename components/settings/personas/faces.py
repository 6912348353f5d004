"""The faces of personas: the portraits in `assets/personas/`, and letters on a coloured disc."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path

COLOURS: Mapping[str, str] = {
    'letter-slate': '#4a5d75',
    'letter-plum': '#6d4a7c',
    'letter-rust': '#94482f',
    'letter-sand': '#7d6026',
    'letter-moss': '#55702f',
    'letter-ocean': '#1f6b75',
}
"""The faces that show the first letter of a name, each with its colour: dark enough for white letters."""

PORTRAITS: Mapping[str, bytes] = {
    path.stem: path.read_bytes() for path in sorted((Path(__file__).parents[3] / 'assets' / 'personas').glob('*.svg'))
}
FACES = (*PORTRAITS, *COLOURS)
PLAIN_FACE = 'letter-slate'

_LETTER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><circle cx="48" cy="48" r="48" fill="{colour}"/>'
    '<text x="48" y="64" text-anchor="middle" font-family="system-ui, sans-serif" font-size="46" fill="#fff">'
    '{letter}</text></svg>'
)


@cache
def picture(face: str, letter: str) -> str:
    """Return a face as a `data:` URI, ready for the src of an `<img>`. An unknown face becomes the plain one."""
    svg = PORTRAITS.get(face) or _letter(COLOURS.get(face, COLOURS[PLAIN_FACE]), letter)
    return f'data:image/svg+xml;base64,{b64encode(svg).decode()}'


def _letter(colour: str, letter: str) -> bytes:
    return _LETTER.format(colour=colour, letter=escape(letter)).encode()
