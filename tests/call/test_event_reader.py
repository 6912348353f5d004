"""JSON of the service becomes typed server events, and malformed events become none."""

import pytest

from components.call.event_reader import READERS, read_server_event
from components.call.items import Item, Speaker
from components.call.server_events import (
    ErrorOccurred,
    ItemAdded,
    ItemTruncated,
    OutputDelta,
    ResponseDone,
    ServiceError,
    SessionChanged,
    TranscriptionCompleted,
    TranscriptionRevised,
)

MESSAGE = {'type': 'message', 'id': 'item_1', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'Hello'}]}


def test_an_item_is_read_with_its_place() -> None:
    json = {'type': 'conversation.item.added', 'event_id': 'event_1', 'previous_item_id': 'item_0', 'item': MESSAGE}
    item = Item('item_1', Speaker.USER, None, {0: 'Hello'})
    assert read_server_event(json) == ItemAdded(item, 'item_0', id='event_1')


def test_the_names_of_the_beta_lead_to_the_same_event() -> None:
    fields = {'response_id': 'r1', 'item_id': 'a1', 'content_index': 0, 'delta': 'Hel'}
    now = read_server_event({'type': 'response.output_audio_transcript.delta', **fields})
    before = read_server_event({'type': 'response.audio_transcript.delta', **fields})
    assert now == before == OutputDelta('r1', 'a1', 0, Speaker.ASSISTANT, spoken=True, delta='Hel')


@pytest.mark.parametrize(
    ('fields', 'kind'),
    [
        ({}, TranscriptionCompleted),
        ({'status': 'completed'}, TranscriptionCompleted),
        ({'status': 'in_progress'}, TranscriptionRevised),
    ],
)
def test_a_transcript_may_not_be_the_final_one(fields: dict[str, str], kind: type) -> None:
    json = {'type': 'conversation.item.input_audio_transcription.completed', 'item_id': 'u1', 'transcript': 'Hi'}
    assert type(read_server_event({**json, **fields})) is kind


@pytest.mark.parametrize(
    ('session', 'transcribes'),
    [
        ({'audio': {'input': {'transcription': {'model': 'whisper-1'}}}}, True),
        ({'audio': {'input': {'transcription': None}}}, False),
        ({'input_audio_transcription': None}, False),  # in the beta
        ({'audio': {}}, None),
        (None, None),
    ],
)
def test_the_session_says_whether_it_transcribes(session: object, transcribes: bool | None) -> None:
    event = read_server_event({'type': 'session.updated', 'session': session})
    assert event == SessionChanged(updated=True, transcribes=transcribes)


@pytest.mark.parametrize(
    ('detection', 'ms'),
    [
        ({'type': 'server_vad', 'silence_duration_ms': 400}, 400),
        ({'type': 'server_vad', 'silence_duration_ms': 'long'}, 0),
        ({'type': 'semantic_vad'}, 0),
        (None, 0),
    ],
)
def test_the_session_says_after_which_silence_a_turn_ends(detection: object, ms: int) -> None:
    session = {'audio': {'input': {'turn_detection': detection}}}
    event = read_server_event({'type': 'session.updated', 'session': session})
    assert isinstance(event, SessionChanged)
    assert event.silence_ms == ms


@pytest.mark.parametrize(
    ('error', 'read'),
    [
        (
            {'code': 'invalid_value', 'message': 'Too fast.', 'event_id': 'settings_1', 'param': 'session.speed'},
            ServiceError('invalid_value', 'Too fast.', 'settings_1', 'session.speed'),
        ),
        ({'type': 'server_error', 'message': None}, ServiceError('server_error', '')),
        ({'code': 429}, ServiceError('429', '')),
        ({}, ServiceError('unknown', '')),
        ('The upstream is down.', ServiceError('unknown_error', 'The upstream is down.')),
    ],
)
def test_errors_are_read_tolerantly(error: object, read: ServiceError) -> None:
    assert read_server_event({'type': 'error', 'error': error}) == ErrorOccurred(read)


def test_a_failed_response_has_an_error_and_a_reason() -> None:
    details = {'type': 'failed', 'error': {'code': 'rate_limit_exceeded', 'message': 'Too many requests.'}}
    event = read_server_event({'type': 'response.done', 'response': {'id': 'r1', 'status_details': details}})
    assert isinstance(event, ResponseDone)
    assert event.reason == 'Too many requests.'
    assert event.error == ServiceError('rate_limit_exceeded', 'Too many requests.')


def test_a_truncation_without_a_content_index_is_about_the_first_part() -> None:
    json = {'type': 'conversation.item.truncated', 'item_id': 'a1', 'audio_end_ms': 700}
    assert read_server_event(json) == ItemTruncated('a1', 0, 700)


@pytest.mark.parametrize(
    'json',
    [
        None,
        [],
        {},
        {'type': ['error']},
        {'type': 'rate_limits.updated'},
        {'type': 'error', 'error': None},
        {'type': 'conversation.item.deleted', 'item_id': ''},
        {'type': 'conversation.item.deleted', 'item_id': 'item_1', 'event_id': 7},
        {'type': 'conversation.item.truncated', 'item_id': 'a1', 'audio_end_ms': 700, 'content_index': True},
        {'type': 'conversation.item.truncated', 'item_id': 'a1', 'audio_end_ms': -1, 'content_index': 0},
        {'type': 'conversation.item.added', 'item': {**MESSAGE, 'role': 'critic'}},
    ],
)
def test_malformed_and_unknown_events_are_dropped(json: object) -> None:
    assert read_server_event(json) is None


@pytest.mark.parametrize('type_', READERS)
def test_an_event_without_its_fields_raises_nothing(type_: str) -> None:
    read_server_event({'type': type_})
