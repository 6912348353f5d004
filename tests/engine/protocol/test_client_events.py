"""Reading client events: `null` in place of absent fields, unpaired surrogates, and limits."""

import time
from typing import Any

import pytest
from openai.types.realtime import RealtimeConversationItemUserMessage, ResponseCreateEvent

from components.engine.protocol.client_events import AppendInput, CreateItem, CreateResponse, UpdateSession, read_event
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.items import Message, Part
from components.engine.protocol.reading import parse_json
from components.engine.protocol.response_input import ResponseInput
from components.engine.protocol.session_config import SessionConfig, TranscriptionConfig
from components.engine.protocol.wire import Json

METADATA = {'topic': 'songs'}


def response(**fields: Any) -> ResponseInput | None:
    event = read_event({'type': 'response.create', 'response': fields})
    assert isinstance(event, CreateResponse)
    return event.response


def updated(config: SessionConfig, **fields: Any) -> SessionConfig:
    event = read_event({'type': 'session.update', 'session': {'type': 'realtime', **fields}})
    assert isinstance(event, UpdateSession)
    return config.merged(event.session)


def item(**fields: Any) -> Message:
    event = read_event({'type': 'conversation.item.create', 'event_id': None, 'previous_item_id': None, 'item': fields})
    assert isinstance(event, CreateItem)
    message = event.item.item()
    assert isinstance(message, Message)
    return message


def test_semantic_kernel_asks_for_an_answer_with_nulls() -> None:
    assert read_event({'type': 'response.create', 'event_id': None, 'response': None}) == read_event(
        {'type': 'response.create'}
    )


def test_livekit_asks_for_an_answer_without_instructions() -> None:
    assert response(instructions=None, metadata=METADATA) == response(metadata=METADATA)


@pytest.mark.parametrize('name', ResponseInput.model_fields)
def test_null_counts_as_absent_in_a_response(name: str) -> None:
    assert response(**{name: None}) == response()


def test_null_counts_as_absent_within_a_response() -> None:
    assert response(audio={'output': None}) == response()
    assert response(audio={'output': {'format': None, 'voice': None}}) == response()
    tool = {'type': 'function', 'name': 'light'}
    assert response(tools=[{**tool, 'description': None, 'parameters': None}]) == response(tools=[tool])
    message = {'type': 'message', 'role': 'user', 'content': []}
    asked = response(input=[{**message, 'id': None, 'object': None, 'status': None}])
    assert asked is not None
    assert asked.input is not None
    assert asked.input[0].id.startswith('item_')


def test_every_event_of_the_openai_package_may_be_sent_with_its_nulls() -> None:
    event = ResponseCreateEvent.model_validate({'type': 'response.create', 'response': {'metadata': METADATA}})
    assert read_event(event.model_dump(mode='json')) == read_event(event.model_dump(mode='json', exclude_none=True))


def test_a_message_of_the_openai_package_may_be_sent_with_its_nulls() -> None:
    content = [{'type': 'input_text', 'text': 'Hello'}]
    message = RealtimeConversationItemUserMessage.model_validate(
        {'type': 'message', 'role': 'user', 'content': content}
    )
    read = item(**message.model_dump(mode='json'))
    assert (read.role, read.content, read.status) == ('user', [Part('input_text', 'Hello')], 'completed')


@pytest.mark.parametrize(
    'nulls',
    [
        {'instructions': None, 'output_modalities': None, 'tools': None, 'tool_choice': None, 'truncation': None},
        {'audio': None, 'max_output_tokens': None, 'model': None},
        {'audio': {'input': None, 'output': None}},
        {'audio': {'output': {'voice': None, 'speed': None, 'format': None}}},
        {'audio': {'input': {'format': None}}},
        {'audio': {'input': {'turn_detection': {'type': None, 'threshold': None, 'create_response': None}}}},
        {'audio': {'input': {'noise_reduction': {'type': None, 'strength': None}, 'transcription': {'model': None}}}},
        {'reasoning': {'effort': None}},
    ],
)
def test_null_changes_nothing_in_an_update_if_it_has_no_meaning(nulls: dict[str, Any]) -> None:
    config = updated(
        SessionConfig(),
        instructions='Sing.',
        output_modalities=['text'],
        tools=[{'type': 'function', 'name': 'light'}],
        tool_choice='required',
        truncation='disabled',
        max_output_tokens=100,
        reasoning={'effort': 'high'},
        audio={
            'input': {
                'format': {'type': 'audio/pcmu'},
                'turn_detection': {'type': 'server_vad', 'threshold': 0.9, 'create_response': False},
                'noise_reduction': {'type': 'far_field', 'strength': 0.5},
                'transcription': {'model': 'whisper-1'},
            },
            'output': {'voice': 'coral', 'speed': 1.2, 'format': {'type': 'audio/pcma'}},
        },
    )
    assert updated(config, **nulls) == config


@pytest.mark.parametrize('name', ['turn_detection', 'transcription', 'noise_reduction'])
def test_null_turns_a_stage_of_the_input_off(name: str) -> None:
    on = {'transcription': {}, 'noise_reduction': {}, 'turn_detection': {'type': 'semantic_vad'}}
    config = updated(SessionConfig(), audio={'input': on})
    off = updated(config, audio={'input': {name: None}})
    assert getattr(config.input, name) is not None
    assert getattr(off.input, name) is None


def test_null_is_absent_in_transcription_sessions_too() -> None:
    event = read_event({'type': 'session.update', 'session': {'type': 'transcription', 'audio': None}})
    assert isinstance(event, UpdateSession)
    assert TranscriptionConfig().merged(event.session) == TranscriptionConfig()


@pytest.mark.parametrize(
    ('event', 'code', 'param'),
    [
        ({'type': None}, 'invalid_type', 'type'),
        ({'type': 'session.update', 'session': None}, 'invalid_type', 'session'),
        ({'type': 'conversation.item.delete', 'item_id': None}, 'invalid_type', 'item_id'),
        ({'type': 'conversation.item.create', 'item': None}, 'invalid_type', 'item'),
        ({'type': 'input_audio_buffer.append', 'audio': None}, 'invalid_type', 'audio'),
        ({'type': 'response.create', 'now': None}, 'unknown_parameter', 'now'),
        ({'type': 'response.create', 'response': {'temperature': None}}, 'unknown_parameter', 'response.temperature'),
    ],
)
def test_null_is_no_value_for_what_is_required_or_unknown(event: dict[str, Json], code: str, param: str) -> None:
    with pytest.raises(RealtimeError) as refused:
        read_event(event)
    assert (refused.value.code, refused.value.param) == (code, param)


@pytest.mark.parametrize(
    ('event', 'code', 'param'),
    [
        ({'type': 'response.cancel', **dict.fromkeys(map(str, range(300_000)), 1)}, 'unknown_parameter', '0'),
        ({'type': 'response.create', 'response': {'tools': [1] * 300_000}}, 'invalid_type', 'response.tools[0]'),
        (
            {'type': 'response.create', 'response': {'metadata': dict.fromkeys(map(str, range(300_000)), 1)}},
            'invalid_value',
            'response.metadata',
        ),
    ],
)
def test_a_million_mistakes_are_refused_as_fast_as_one(event: dict[str, Json], code: str, param: str) -> None:
    seconds = time.process_time()
    with pytest.raises(RealtimeError) as refused:
        read_event(event)
    assert time.process_time() - seconds < 1, 'collecting all of them takes several seconds'
    assert (refused.value.code, refused.value.param) == (code, param)


def test_metadata_has_limits() -> None:
    keys = {f'{number}': 'x' * 512 for number in range(16)}
    assert response(metadata=keys) == response(metadata=keys)
    for metadata, code, param in (
        ({**keys, 'more': ''}, 'invalid_value', 'response.metadata'),
        ({'long': 'x' * 513}, 'string_above_max_length', 'response.metadata.long'),
        ({'x' * 65: ''}, 'string_above_max_length', f'response.metadata.{"x" * 65}'),
    ):
        with pytest.raises(RealtimeError) as refused:
            response(metadata=metadata)
        assert (refused.value.code, refused.value.param) == (code, param)


def test_a_long_sound_is_refused() -> None:
    with pytest.raises(RealtimeError) as refused:
        read_event({'type': 'input_audio_buffer.append', 'audio': 'A' * (15 * 1024 * 1024 + 4)})
    assert (refused.value.code, refused.value.param) == ('string_above_max_length', 'audio')
    assert len(refused.value.message) < 200


def test_appended_sound_is_decoded() -> None:
    event = read_event({'type': 'input_audio_buffer.append', 'audio': 'AAEC'})
    assert isinstance(event, AppendInput)
    assert event.audio == b'\0\1\2'


@pytest.mark.parametrize(
    ('text', 'value'),
    [
        (r'"\ud83d\ude42"', '🙂'),
        (r'"cut \ud83d"', 'cut \ufffd'),
        (r'"\ude42 cut"', '\ufffd cut'),
        (r'"\ud83d\ud83d\ude42"', '\ufffd🙂'),
        (r'"\\ud83d \ud83d"', '\\ud83d \ufffd'),
        ('{"\\uD83D": 1}', {'\ufffd': 1}),
        (b'{"type": "\xf0\x9f\x99\x82"}', {'type': '🙂'}),
    ],
)
def test_half_an_emoji_is_replaced(text: str | bytes, value: Json) -> None:
    assert parse_json(text) == value


@pytest.mark.parametrize('text', ['', '{', '[NaN]', '[Infinity]', '"\\u12"', '"\\ud83', '[' * 100_000, b'\xff'])
def test_text_that_is_not_json(text: str | bytes) -> None:
    with pytest.raises(RealtimeError) as refused:
        parse_json(text)
    assert refused.value.code == 'invalid_json'
