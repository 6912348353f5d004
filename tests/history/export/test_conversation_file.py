"""Conversations in Parley's own format: written, and read again."""

import io
import json
from dataclasses import replace
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.conversation.transcript.turn import Status
from components.history.entries import StoredConversation
from components.history.export import conversation_file
from components.history.export.archive import Archive
from components.history.export.conversation_file import LARGEST_FILE, UnreadableFile, read, write
from components.words.language import ENGLISH
from tests.history.conversations import PICTURE, any_conversations, conversation, turn


@given(st.lists(any_conversations(), min_size=1, max_size=3))
def test_what_is_written_can_be_read(conversations: list[StoredConversation]) -> None:
    assert read(write(conversations).encode()) == conversations


def content(**turn_fields: Any) -> dict[str, Any]:
    """The content of a file with one conversation."""
    (record,) = json.loads(write([conversation(turn('u1', 'Hello', 1), turn('u2', 'You?', 2))]))['conversations']
    record['turns'][1] |= turn_fields
    return {'parley_conversations': 1, 'conversations': [record]}


def problem(data: bytes | object) -> tuple[str, str]:
    """Why a file cannot be read, and where."""
    with pytest.raises(UnreadableFile) as caught:
        read(data if isinstance(data, bytes) else json.dumps(data).encode())
    return caught.value.problem, caught.value.place


def test_the_settings_of_a_call_are_an_object() -> None:
    settings = {'type': 'realtime', 'instructions': 'Say „moin“.', 'audio': {'output': {'voice': 'marin'}}}
    kept = conversation(turn('u1', 'Hello'))
    call = replace(kept.calls[0], settings=json.dumps(settings, ensure_ascii=False))
    kept = replace(kept, calls=(call,))
    text = write([kept])
    assert json.loads(text)['conversations'][0]['calls'][0]['settings'] == settings
    assert read(text.encode()) == [kept]


def test_a_bom_and_unknown_fields_do_no_harm() -> None:
    changed = {**content(mood='good'), 'made_by': 'Parley 9'}
    assert read(b'\xef\xbb\xbf' + json.dumps(changed).encode()) == read(json.dumps(content()).encode())


@pytest.mark.parametrize(
    ('data', 'expected'),
    [
        (b'', 'not_json'),
        (b'\xff\xfe', 'not_json'),
        (b'[' * 100_000, 'not_json'),
        (b'PK\x03\x04 and so on', 'not_json'),
        ([], 'not_conversations'),
        ({'parley_personas': 1, 'personas': []}, 'not_conversations'),
        ({**content(), 'parley_conversations': '1'}, 'not_conversations'),
        ({**content(), 'parley_conversations': 2}, 'newer_version'),
        ({'parley_conversations': 1, 'conversations': []}, 'empty'),
    ],
)
def test_other_files_are_refused(data: bytes | object, expected: str) -> None:
    assert problem(data) == (expected, '')


@pytest.mark.parametrize(
    ('fields', 'place'),
    [
        ({'speaker': 'devil'}, 'speaker'),
        ({'text': 7}, 'text'),
        ({'text': 'a\0b'}, 'text'),
        ({'text': 'x' * 1_000_001}, 'text'),
        ({'started_at': 'yesterday'}, 'started_at'),
        ({'started_at': float('nan')}, 'started_at'),
        ({'started_at': -1}, 'started_at'),
        ({'heard': -1}, 'heard'),
        ({'spoken': 'true'}, 'spoken'),
        ({'item_id': ''}, 'item_id'),
        ({'images': ['https://spy.example/pixel.png']}, 'images.1'),
        ({'images': ['data:image/svg+xml;base64,AAAA']}, 'images.1'),
    ],
)
def test_the_place_of_a_mistake_is_named(fields: dict[str, Any], place: str) -> None:
    assert problem(content(**fields)) == ('does_not_fit', f'conversations.1.turns.2.{place}')


def test_turns_must_have_ids_of_their_own() -> None:
    assert problem(content(item_id='u1')) == ('does_not_fit', 'conversations.1.turns')


def test_a_turn_that_was_open_has_ended() -> None:
    ((first, second),) = [kept.turns for kept in read(json.dumps(content(status='open', heard=999)).encode())]
    assert (first.status, second.status, second.reason) == (Status.DONE, Status.INTERRUPTED, 'call_ended')
    assert second.heard == len(second.text)


def test_a_large_file_is_refused() -> None:
    assert problem(b' ' * (LARGEST_FILE + 1)) == ('too_large', '')


def test_an_archive_can_be_read() -> None:
    file = io.BytesIO()
    archive = Archive(file, 'json', ENGLISH.text)
    kept = [conversation(turn('u1', f'Hello {n}', n, images=(PICTURE,)), title='Same') for n in range(3)]
    for each in kept:
        archive.add(each)
    archive.close()
    assert read(file.getvalue()) == kept
    with ZipFile(file) as opened:
        day = opened.namelist()[0][:10]
        assert opened.namelist() == [f'{day} Same.json', f'{day} Same (2).json', f'{day} Same (3).json']


def test_an_archive_cannot_expand_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_file, 'LARGEST_FILE', 100_000)
    file = io.BytesIO()
    with ZipFile(file, 'w', ZIP_DEFLATED) as archive:
        archive.writestr('bomb.json', b'[' + b' ' * 10_000_000 + b']')
    assert len(file.getvalue()) < 100_000
    assert problem(file.getvalue()) == ('too_large', '')
