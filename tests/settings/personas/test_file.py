"""Personas in a file."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.settings.personas.file import LARGEST_FILE, FileContent, InvalidEntry, UnreadableFile, read, write
from components.settings.personas.persona import Persona, Problem
from tests.settings.strategies import nonsense, personas

ADA = Persona('', 'Ada', 'Counts', 'You are Ada.', 'ash', 'en', 'Hello.')
GOOD = {'name': 'Ada', 'instructions': 'You are Ada.'}


@given(st.lists(personas, min_size=1, max_size=4))
def test_personas_survive_a_file(written: list[Persona]) -> None:
    assert read(write(written).encode()) == FileContent(written, [])


def test_people_can_read_a_file() -> None:
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
def test_an_unreadable_file_gives_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(data)
    assert caught.value.reason == reason


def test_an_invalid_entry_does_not_affect_the_others() -> None:
    entries = [GOOD, {**GOOD, 'name': 'Bob', 'voice': 'hal'}, 3, {**GOOD, 'name': 'Cid'}]
    reading = read(json.dumps({'parley_personas': 1, 'personas': entries}).encode('utf-8-sig'))
    assert [persona.name for persona in reading.personas] == ['Ada', 'Cid']
    assert reading.invalid == [
        InvalidEntry(2, 'Bob', [Problem('voice', 'unknown')]),
        InvalidEntry(3, '', [Problem('persona', 'wrong_type')]),
    ]


@given(nonsense)
def test_any_json_is_read_or_refused(content: object) -> None:
    for whole in (content, {'parley_personas': 1, 'personas': content}):
        try:
            reading = read(json.dumps(whole).encode())
        except UnreadableFile:
            continue
        assert reading.personas or reading.invalid
