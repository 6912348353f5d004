"""The personas of one browser: those in assets/personas.json, and the user's own."""

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


def test_parley_ships_with_several_personas() -> None:
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
def test_a_portrait_is_a_square_svg_without_external_resources(persona: Persona) -> None:
    kind, data = persona.picture.split(',')
    svg = ElementTree.fromstring(b64decode(data))
    assert kind == 'data:image/svg+xml;base64'
    assert svg.get('viewBox') == '0 0 96 96'
    assert not [element.tag for element in svg.iter() if element.tag.endswith(('script', 'image', 'style', 'use'))]


def test_one_persona_speaks_chinese() -> None:
    assert BUILT_IN['xiaoyu'].language == 'zh'


def test_instructions_in_the_file_are_lines(tmp_path: Path) -> None:
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


def test_own_personas_are_kept_with_an_id_and_found_again() -> None:
    storage: dict[str, Any] = {}
    ada = Personas(storage).add(ADA)
    assert ada.own
    assert replace(ada, id='') == ADA
    again = Personas(json.loads(json.dumps(storage)))
    assert again.own == [ada]
    assert again.find(ada.id) == ada
    assert list(again) == [*BUILT_IN, ada.id]
    assert len(again) == len(BUILT_IN) + 1


def test_pages_of_one_browser_see_each_others_personas() -> None:
    storage: dict[str, Any] = {}
    one, other = Personas(storage), Personas(storage)
    ada, bob = one.add(ADA), other.add(replace(ADA, name='Bob'))
    assert one.own == other.own == [ada, bob]


def test_a_taken_name_gets_a_number() -> None:
    here = Personas()
    names = [here.add(replace(ADA, name=name)).name for name in ('Ada', 'Ada', 'Ada 2', 'assistant')]
    assert names == ['Ada', 'Ada 2', 'Ada 3', 'assistant 2']
    longest = 'x' * LONGEST['name']
    assert [len(here.add(replace(ADA, name=longest)).name) <= LONGEST['name'] for _ in range(3)] == [True] * 3


def test_a_persona_may_keep_its_name_when_it_is_changed() -> None:
    here = Personas()
    ada = here.add(ADA)
    changed = here.change(replace(ada, tagline='Counts well'))
    assert (changed.name, here.own) == ('Ada', [changed])


def test_a_deleted_persona_is_replaced_by_the_first_and_can_be_restored() -> None:
    here = Personas()
    ada = here.add(ADA)
    here.remove(ada)
    assert here.own == []
    assert here.find(ada.id) == BUILT_IN['assistant']
    assert here.add(ada) == ada


def test_a_browser_keeps_a_limited_number_of_personas() -> None:
    here = Personas()
    for _ in range(MOST_OWN):
        here.add(ADA)
    with pytest.raises(TooMany):
        here.add(ADA)
    taken = here.import_all([replace(ADA, greeting='Hi.'), ADA])
    assert (taken.kept, taken.duplicates, taken.without_room) == ([], 1, 1)


def test_a_duplicate_is_not_imported_even_if_its_name_got_a_number() -> None:
    here = Personas()
    arriving = [replace(ADA, name='Coach 1'), replace(ADA, name='Assistant'), BUILT_IN['coach'], ADA]
    first, second = here.import_all(arriving), here.import_all(arriving)
    assert [persona.name for persona in first.kept] == ['Coach 1', 'Assistant 2', 'Ada']
    assert (first.duplicates, second.kept, second.duplicates) == (1, [], 4)


@given(st.dictionaries(st.text() | st.just('own-1') | st.just('coach'), nonsense) | nonsense)
def test_invalid_personas_in_storage_are_ignored(kept: Any) -> None:
    here = Personas({'personas': kept})
    assert all(persona.problems == [] for persona in here.values())
    assert here['coach'] == BUILT_IN['coach']
    assert here.add(ADA) in here.own


@given(st.lists(personas, max_size=5))
def test_imported_personas_get_different_names(arriving: list[Persona]) -> None:
    here = Personas()
    here.import_all(arriving)
    names = [persona.name for persona in here.values()]
    assert len(names) == len(set(names))
    assert here.import_all(here.own).kept == []
