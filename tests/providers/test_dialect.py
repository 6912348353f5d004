"""The older dialects, translated at the border: what comes in is today's, what goes out is understood."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.conversation.transcript.transcript import Transcript
from components.providers.connection.dialect import DialectName, Event, from_service, to_service
from components.settings.session import session
from components.settings.settings import Settings
from tests.conversation.transcript.transcripts import apply
from tests.engine.checked_events import check
from tests.engine.order import EventOrder
from tests.settings.strategies import all_settings

from .older import older

DIALECTS: tuple[DialectName, ...] = ('ga', 'beta', 'xai')
names = st.sampled_from(
    ['type', 'session', 'response', 'item', 'audio', 'input', 'output', 'voice', 'content', 'role', 'modalities']
)
words = st.sampled_from(
    ['session.updated', 'conversation.item.created', 'response.done', 'response.output_item.done', 'audio', 'assistant']
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
events = st.dictionaries(names, anything, max_size=4)


def wire(settings: Settings) -> dict[str, Any]:
    return session(settings)


def test_a_session_for_an_older_server() -> None:
    from openai.types.beta.realtime import SessionUpdateEvent  # takes a second, which every process would spend

    update = {'type': 'session.update', 'session': wire(Settings(model='gpt-realtime', language='de'))}
    said = to_service(update, 'beta')
    SessionUpdateEvent.model_validate(said)
    sent = said['session']
    assert (sent['voice'], sent['speed'], sent['modalities']) == ('marin', 1.0, ['audio', 'text'])
    assert sent['input_audio_transcription'] == {'model': 'gpt-realtime-whisper', 'language': 'de'}
    assert sent['turn_detection']['type'] == 'server_vad'
    assert sent['max_response_output_tokens'] == 'inf'
    assert not {'type', 'audio', 'output_modalities'} & set(sent)


def test_a_session_for_xai() -> None:
    sent = to_service({'type': 'session.update', 'session': wire(Settings())}, 'xai')['session']
    assert sent['voice'] == 'marin'
    assert sent['turn_detection']['type'] == 'server_vad'
    assert set(sent['audio']['input']) == {'transcription', 'noise_reduction'}
    assert sent['audio']['output'] == {'speed': 1.0}


@pytest.mark.parametrize(
    ('today', 'older'),
    [
        ({'type': 'audio/pcm', 'rate': 24000}, 'pcm16'),
        ({'type': 'audio/pcmu'}, 'g711_ulaw'),
        ({'type': 'audio/pcma'}, 'g711_alaw'),
    ],
)
def test_sound_formats_have_older_names(today: dict[str, Any], older: str) -> None:
    update = {'type': 'session.update', 'session': {'type': 'realtime', 'audio': {'input': {'format': today}}}}
    assert to_service(update, 'beta')['session'] == {'input_audio_format': older}
    assert from_service(to_service(update, 'beta'), 'beta') == [update]


@given(all_settings, st.sampled_from(DIALECTS))
def test_a_session_comes_back_as_it_went(settings: Settings, dialect: DialectName) -> None:
    event = {'type': 'session.updated', 'session': wire(settings)}
    before = deepcopy(event)
    assert from_service(to_service(event, dialect), dialect) == [before]
    assert event == before


def test_response_create_is_translated_to_the_beta_dialect() -> None:
    item = {'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': 'Hi.'}]}
    asked: Event = {
        'type': 'response.create',
        'response': {'output_modalities': ['text'], 'max_output_tokens': 9, 'input': [item]},
    }
    assert to_service(asked, 'beta')['response'] == {
        'modalities': ['text'],
        'max_response_output_tokens': 9,
        'input': [{**item, 'content': [{'type': 'text', 'text': 'Hi.'}]}],
    }
    create = {'type': 'conversation.item.create', 'item': item}
    assert to_service(create, 'beta')['item']['content'] == [{'type': 'text', 'text': 'Hi.'}]


def test_user_messages_keep_their_names() -> None:
    item = {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': 'Hi.'}]}
    create = {'type': 'conversation.item.create', 'item': item}
    assert to_service(create, 'beta') == create


@given(events, st.sampled_from(DIALECTS))
def test_translating_any_event_neither_fails_nor_modifies_it(event: Event, dialect: DialectName) -> None:
    before = deepcopy(event)
    assert all(isinstance(each, dict) for each in from_service(event, dialect))
    assert isinstance(to_service(event, dialect), dict)
    assert event == before


@given(events)
def test_events_with_current_names_pass_unchanged(event: Event) -> None:
    for today in from_service(event, 'beta'):
        if today.get('type') != 'response.output_item.done':
            assert from_service(today, 'beta') == [today]


def conversation() -> list[Event]:
    """Return the events of a short spoken exchange in the current dialect, over WebSocket."""
    speech = {'id': 'item_u', 'type': 'message', 'status': 'completed', 'role': 'user'}
    heard_it = {**speech, 'content': [{'type': 'input_audio', 'transcript': None}]}
    begun = {'id': 'item_a', 'type': 'message', 'status': 'in_progress', 'role': 'assistant', 'content': []}
    ended = {**begun, 'status': 'completed', 'content': [{'type': 'output_audio', 'transcript': 'Hi there!'}]}
    part = {'response_id': 'resp_1', 'item_id': 'item_a', 'output_index': 0, 'content_index': 0}
    output = {'response_id': 'resp_1', 'output_index': 0}
    spoken_to = {'item_id': 'item_u', 'content_index': 0}
    response = {
        'object': 'realtime.response',
        'id': 'resp_1',
        'status': 'in_progress',
        'status_details': None,
        'output': [],
        'conversation_id': 'conv_1',
        'output_modalities': ['audio'],
        'max_output_tokens': 'inf',
        'audio': {'output': {'format': {'type': 'audio/pcm', 'rate': 24000}, 'voice': 'alloy'}},
        'usage': None,
        'metadata': None,
    }
    sent: list[Event] = [
        {'type': 'session.created', 'session': {**wire(Settings()), 'object': 'realtime.session', 'id': 'sess_1'}},
        {'type': 'input_audio_buffer.speech_started', 'item_id': 'item_u', 'audio_start_ms': 0},
        {'type': 'input_audio_buffer.speech_stopped', 'item_id': 'item_u', 'audio_end_ms': 900},
        {'type': 'input_audio_buffer.committed', 'item_id': 'item_u', 'previous_item_id': None},
        {'type': 'conversation.item.added', 'previous_item_id': None, 'item': heard_it},
        {'type': 'conversation.item.done', 'previous_item_id': None, 'item': heard_it},
        {'type': 'response.created', 'response': response},
        {'type': 'response.output_item.added', **output, 'item': begun},
        {'type': 'conversation.item.added', 'previous_item_id': 'item_u', 'item': begun},
        {'type': 'response.content_part.added', **part, 'part': {'type': 'audio', 'transcript': ''}},
        {'type': 'response.output_audio_transcript.delta', **part, 'delta': 'Hi there!'},
        {'type': 'response.output_audio.delta', **part, 'delta': 'AAAA'},
        {'type': 'conversation.item.input_audio_transcription.completed', **spoken_to, 'transcript': 'Hello.'},
        {'type': 'response.output_audio.done', **part},
        {'type': 'response.output_audio_transcript.done', **part, 'transcript': 'Hi there!'},
        {'type': 'response.content_part.done', **part, 'part': {'type': 'audio', 'transcript': 'Hi there!'}},
        {'type': 'conversation.item.done', 'previous_item_id': None, 'item': ended},
        {'type': 'response.output_item.done', **output, 'item': ended},
        {'type': 'response.done', 'response': {**response, 'status': 'completed', 'output': [ended]}},
    ]
    for event in sent:
        if event['type'].endswith('transcription.completed'):
            event['usage'] = {'type': 'duration', 'seconds': 1}
    return [{'event_id': f'event_{number}', **event} for number, event in enumerate(sent)]


def as_of_old(sent: list[Event]) -> list[Event]:
    """The same conversation from a server of the beta."""
    return [event for event in map(older, sent) if event]


def test_a_beta_conversation_is_translated_to_current_names_and_order() -> None:
    today = conversation()
    translated = [each for event in as_of_old(today) for each in from_service(event, 'beta')]
    assert [event['type'] for event in translated] == [event['type'] for event in today]
    order = EventOrder()
    for event in translated:
        order.add(check(event))
    sent = {event['type']: event for event in translated}
    assert sent['session.created']['session'] == today[0]['session']
    assert sent['response.done']['response'] == today[-1]['response']


def test_the_page_shows_the_same_conversation_whichever_dialect_it_came_in() -> None:
    transcripts = [Transcript(), Transcript()]
    for event in conversation():
        apply(transcripts[0], event, at=0)
    for event in as_of_old(conversation()):
        for each in from_service(event, 'beta'):
            apply(transcripts[1], each, at=0)
    today, older = ([(turn.speaker, turn.text, turn.status) for turn in each.turns] for each in transcripts)
    assert older == today == [('user', 'Hello.', 'done'), ('assistant', 'Hi there!', 'done')]
