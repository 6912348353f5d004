"""Whom one can talk with: those in assets/personas.json, and one browser's own."""

import json
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.catalogue import CATALOGUES
from components.settings.personas.persona import LONGEST, Persona
from components.settings.personas.personas import BUILT_IN, MOST_OWN, Personas, TooMany, load
from tests.settings.strategies import nonsense, personas

each_persona = pytest.mark.parametrize('persona', BUILT_IN.values(), ids=BUILT_IN)


def test_there_is_a_choice() -> None:
    assert len(BUILT_IN) >= 8
    assert next(iter(BUILT_IN)) == 'assistant'


@each_persona
def test_a_persona_is_complete(persona: Persona) -> None:
    assert persona.name
    assert persona.tagline
    assert persona.greeting
    assert persona.problems == []
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
    (tmp_path / 'personas.json').write_text(json.dumps([row]))
    assert load(tmp_path / 'personas.json')['me'].instructions == 'a\n\nb'


ADA = Persona('', 'Ada', 'Counts', 'You are Ada.', 'ash', 'en', 'Hello.', 'letter-plum')


def test_ones_own_are_kept_with_an_id_and_found_again() -> None:
    storage: dict[str, Any] = {}
    ada = Personas(storage).add(ADA)
    assert ada.own
    assert replace(ada, id='') == ADA
    again = Personas(json.loads(json.dumps(storage)))
    assert again.own == [ada]
    assert again.find(ada.id) == ada
    assert list(again) == [*BUILT_IN, ada.id]
    assert len(again) == len(BUILT_IN) + 1


def test_two_pages_of_a_browser_see_each_others() -> None:
    storage: dict[str, Any] = {}
    one, other = Personas(storage), Personas(storage)
    ada, bob = one.add(ADA), other.add(replace(ADA, name='Bob'))
    assert one.own == other.own == [ada, bob]


def test_a_taken_name_gets_a_number() -> None:
    here = Personas()
    names = [here.add(replace(ADA, name=name)).name for name in ('Ada', 'Ada', 'Ada 2', 'Assistant')]
    assert names == ['Ada', 'Ada 2', 'Ada 3', 'Assistant 2']
    longest = 'x' * LONGEST['name']
    assert [len(here.add(replace(ADA, name=longest)).name) <= LONGEST['name'] for _ in range(3)] == [True] * 3


def test_a_persona_may_keep_its_name_when_it_is_changed() -> None:
    here = Personas()
    ada = here.add(ADA)
    changed = here.change(replace(ada, tagline='Counts well'))
    assert (changed.name, here.own) == ('Ada', [changed])


def test_whoever_is_gone_gives_way_to_the_first_and_can_come_back() -> None:
    here = Personas()
    ada = here.add(ADA)
    here.remove(ada)
    assert here.own == []
    assert here.find(ada.id) == BUILT_IN['assistant']
    assert here.add(ada) == ada


def test_there_is_an_end_to_it() -> None:
    here = Personas()
    for _ in range(MOST_OWN):
        here.add(ADA)
    with pytest.raises(TooMany):
        here.add(ADA)
    taken = here.import_all([replace(ADA, greeting='Hi.'), ADA])
    assert (taken.kept, taken.duplicates, taken.without_room) == ([], 1, 1)


def test_what_comes_twice_is_kept_once_whatever_number_its_name_got() -> None:
    here = Personas()
    arriving = [replace(ADA, name='Coach 1'), replace(ADA, name='Assistant'), BUILT_IN['coach'], ADA]
    first, second = here.import_all(arriving), here.import_all(arriving)
    assert [persona.name for persona in first.kept] == ['Coach 1', 'Assistant 2', 'Ada']
    assert (first.duplicates, second.kept, second.duplicates) == (1, [], 4)


@given(st.dictionaries(st.text() | st.just('own-1') | st.just('coach'), nonsense) | nonsense)
def test_whatever_is_in_storage_does_no_harm(kept: Any) -> None:
    here = Personas({'personas': kept})
    assert all(persona.problems == [] for persona in here.values())
    assert here['coach'] == BUILT_IN['coach']
    assert here.add(ADA) in here.own


@given(st.lists(personas, max_size=5))
def test_all_ways_lead_to_different_names(arriving: list[Persona]) -> None:
    here = Personas()
    here.import_all(arriving)
    names = [persona.name for persona in here.values()]
    assert len(names) == len(set(names))
    assert here.import_all(here.own).kept == []
