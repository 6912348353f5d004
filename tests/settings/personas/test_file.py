"""Personas in a file, and one in a link."""

import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.personas.file import LARGEST_FILE, FileContent, InvalidEntry, UnreadableFile, read, write
from components.settings.personas.link import LONGEST_LINK, TooLong, fragment, unpack
from components.settings.personas.persona import Persona, Problem
from components.settings.personas.personas import BUILT_IN
from tests.settings.strategies import nonsense, personas

ADA = Persona('', 'Ada', 'Counts', 'You are Ada.', 'ash', 'en', 'Hello.')
GOOD = {'name': 'Ada', 'instructions': 'You are Ada.'}


@given(st.lists(personas, min_size=1, max_size=4))
def test_a_file_holds_what_was_written(written: list[Persona]) -> None:
    assert read(write(written).encode()) == FileContent(written, [])


def test_a_file_is_made_for_people_too() -> None:
    text = write([replace(ADA, id='own-1', name='小雨')])
    assert text.startswith('{\n  "parley_personas": 1,\n  "personas": [\n    {\n      "name": "小雨",')
    assert 'own-1' not in text


@pytest.mark.parametrize(
    ('data', 'reason'),
    [
        (b' ' * (LARGEST_FILE + 1), 'too_large'),
        (b'', 'not_json'),
        (b'{"parley_personas": 1', 'not_json'),
        (b'\xff\xfe\x00', 'not_json'),
        (b'[' * 100_000, 'not_json'),
        (b'[]', 'not_personas'),
        (b'{"personas": []}', 'not_personas'),
        (b'{"parley_personas": 1, "personas": {}}', 'not_personas'),
        (b'{"parley_personas": 2, "personas": []}', 'other_version'),
        (b'{"parley_personas": true, "personas": []}', 'other_version'),
        (b'{"parley_personas": "1", "personas": []}', 'other_version'),
        (b'{"parley_personas": 1, "personas": []}', 'empty'),
    ],
)
def test_a_file_without_use_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.reason == reason


def test_a_bad_entry_spoils_no_other() -> None:
    entries = [GOOD, {**GOOD, 'name': 'Bob', 'voice': 'hal'}, 3, {**GOOD, 'name': 'Cid'}]
    reading = read(json.dumps({'parley_personas': 1, 'personas': entries}).encode('utf-8-sig'))
    assert [persona.name for persona in reading.personas] == ['Ada', 'Cid']
    assert reading.invalid == [
        InvalidEntry(2, 'Bob', [Problem('voice', 'unknown')]),
        InvalidEntry(3, '', [Problem('persona', 'wrong_type')]),
    ]


@given(nonsense)
def test_no_json_surprises_the_reader(content: object) -> None:
    for whole in (content, {'parley_personas': 1, 'personas': content}):
        try:
            reading = read(json.dumps(whole).encode())
        except UnreadableFile:
            continue
        assert reading.personas or reading.invalid


@given(personas)
def test_a_link_holds_the_whole_persona(persona: Persona) -> None:
    try:
        text = fragment(persona)
    except TooLong:
        return
    assert text.isascii()
    assert set(text) <= set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
    assert unpack(text) == FileContent([persona], [])


@pytest.mark.parametrize('persona', BUILT_IN.values(), ids=BUILT_IN)
def test_instructions_as_people_write_them_fit_into_a_link(persona: Persona) -> None:
    assert len(fragment(persona)) < LONGEST_LINK / 2


def test_what_does_not_fit_into_a_link_says_so() -> None:
    noise = ''.join(Random(1).choices('0123456789abcdef', k=8000))
    with pytest.raises(TooLong):
        fragment(replace(ADA, instructions=noise))


@given(st.text(max_size=200) | st.text('abcXYZ019-_', max_size=200))
def test_a_broken_link_is_no_more_than_that(text: str) -> None:
    with pytest.raises(UnreadableFile):
        unpack(text)


def test_half_a_link_is_a_broken_link() -> None:
    text = fragment(ADA)
    for length in range(len(text) - 4):
        with pytest.raises(UnreadableFile):
            unpack(text[:length])


def test_a_small_link_does_not_unfold_to_a_large_file() -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = urlsafe_b64encode(deflate.compress(b' ' * 2_000_000) + deflate.flush()).decode()
    assert len(bomb) < LONGEST_LINK
    with pytest.raises(UnreadableFile, match='too_large'):
        unpack(bomb)
    with pytest.raises(UnreadableFile, match='too_large'):
        unpack('A' * (LONGEST_LINK + 1))
