"""The rules for a valid persona, and the problems of an invalid one."""

from base64 import b64decode
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.personas.faces import FACES, PLAIN_FACE
from components.settings.personas.persona import LONGEST, InvalidPersona, Persona, Problem, read_persona, tidy
from tests.settings.strategies import nonsense, personas

PLAIN: dict[str, Any] = {'name': 'Ada', 'instructions': 'You are Ada.'}


def test_a_name_and_instructions_are_enough() -> None:
    assert read_persona(PLAIN, 'own-1') == Persona('own-1', 'Ada', '', 'You are Ada.', 'marin', '', '', PLAIN_FACE)


@given(personas)
def test_a_persona_survives_writing_and_reading(persona: Persona) -> None:
    assert persona.problems == []
    assert tidy(persona) == persona
    assert read_persona(persona.to_plain()) == persona


@pytest.mark.parametrize(
    ('wrong', 'problem'),
    [
        ({'name': ' \n '}, Problem('name', 'empty')),
        ({'name': 'x' * 41}, Problem('name', 'too_long', 41, 40)),
        ({'name': 7}, Problem('name', 'wrong_type')),
        ({'instructions': ''}, Problem('instructions', 'empty')),
        ({'instructions': 'x' * 8001}, Problem('instructions', 'too_long', 8001, 8000)),
        ({'instructions': ['a', 'b']}, Problem('instructions', 'wrong_type')),
        ({'tagline': 'x' * 81}, Problem('tagline', 'too_long', 81, 80)),
        ({'greeting': 'x' * 301}, Problem('greeting', 'too_long', 301, 300)),
        ({'voice': 'hal'}, Problem('voice', 'unknown')),
        ({'language': 'tlh'}, Problem('language', 'unknown')),
    ],
)
def test_each_problem_is_named(wrong: dict[str, Any], problem: Problem) -> None:
    with pytest.raises(InvalidPersona) as caught:
        read_persona({**PLAIN, **wrong})
    assert caught.value.problems == [problem]


def test_invisible_characters_and_unknown_fields_are_left_out() -> None:
    persona = read_persona(
        {'name': ' Ada\r\n\x00 \ud800Lovelace ', 'instructions': '\n a\r\n\tb\x07 ', 'face': 'odd', 'colour': 3}
    )
    assert (persona.name, persona.instructions, persona.face) == ('Ada Lovelace', 'a\n\tb', PLAIN_FACE)


@given(nonsense | st.fixed_dictionaries({}, optional=dict.fromkeys([*LONGEST, 'voice', 'language', 'face'], nonsense)))
def test_any_json_is_a_valid_or_an_invalid_persona(plain: object) -> None:
    try:
        name, problems = read_persona(plain).name, []
    except InvalidPersona as bad:
        name, problems = bad.name, bad.problems
    assert name or problems
    assert len(name) <= LONGEST['name']
    name.encode()  # no half of a surrogate pair: it would break the page's connection


@pytest.mark.parametrize('name', ['Ada', '小雨', '<script>', '&', '"', 'ß', '😀'])
@pytest.mark.parametrize('face', FACES)
def test_every_name_gives_a_valid_face(face: str, name: str) -> None:
    persona = read_persona({**PLAIN, 'name': name, 'face': face})
    svg = ElementTree.fromstring(b64decode(persona.picture.partition(',')[2]))
    assert svg.tag == '{http://www.w3.org/2000/svg}svg'
    assert not [element for element in svg.iter() if element.tag.endswith('script')]
    if face.startswith('letter-'):
        assert ''.join(svg.itertext()).strip() == name[0].upper()
