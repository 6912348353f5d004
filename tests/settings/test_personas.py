"""The people one can talk with, as they stand in assets/personas.json."""

import json
from base64 import b64decode
from pathlib import Path
from xml.etree import ElementTree

import pytest

from components.settings.catalogue import CATALOGUES
from components.settings.persona import Persona
from components.settings.personas import BUILT_IN, load

each_persona = pytest.mark.parametrize('persona', BUILT_IN.values(), ids=BUILT_IN)


def test_there_is_a_choice() -> None:
    assert len(BUILT_IN) >= 8
    assert next(iter(BUILT_IN)) == 'assistant'


@each_persona
def test_a_persona_is_complete(persona: Persona) -> None:
    assert persona.name
    assert persona.tagline
    assert persona.greeting
    assert persona.voice in CATALOGUES['openai'].voices
    assert persona.language in CATALOGUES['openai'].languages
    assert persona.instructions == persona.instructions.strip()
    assert persona.instructions.count('\n') > 10


@each_persona
def test_a_portrait_is_a_square_svg_that_asks_for_nothing_else(persona: Persona) -> None:
    kind, data = persona.picture.split(',')
    svg = ElementTree.fromstring(b64decode(data))
    assert kind == 'data:image/svg+xml;base64'
    assert svg.get('viewBox') == '0 0 96 96'
    assert not [element.tag for element in svg.iter() if element.tag.endswith(('script', 'image', 'style', 'use'))]


def test_one_persona_speaks_chinese() -> None:
    assert BUILT_IN['xiaoyu'].language == 'zh'


def test_people_write_instructions_line_by_line(tmp_path: Path) -> None:
    row = {
        'id': 'me',
        'name': 'Me',
        'tagline': '',
        'voice': 'ash',
        'language': '',
        'greeting': '',
        'instructions': ['a', '', 'b'],
    }
    (tmp_path / 'personas').mkdir()
    (tmp_path / 'personas' / 'me.svg').write_text('<svg/>')
    (tmp_path / 'personas.json').write_text(json.dumps([row]))
    assert load(tmp_path / 'personas.json')['me'].instructions == 'a\n\nb'
