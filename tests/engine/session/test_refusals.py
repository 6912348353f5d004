"""Mistakes that a session refuses, and its limits."""

import pytest

from components.engine.session import session
from tests.engine.fakes import Client, FakeTransport

from .client_events import HELLO, REFERENCE, SPOOF, event, typed


@pytest.fixture
def client() -> Client:
    return Client()


async def test_one_bad_field_refuses_the_whole_update(client: Client) -> None:
    session = {'type': 'realtime', 'instructions': 'Be brief.', 'audio': {'output': {'voice': 'nobody'}}}
    client.send('session.update', session=session, event_id='mine')
    assert client.error()['param'] == 'session.audio.output.voice'
    assert client.error()['event_id'] == 'mine'
    assert client.instructions != 'Be brief.'
    assert not client.all('session.updated')


async def test_the_voice_cannot_change_once_it_was_heard(client: Client) -> None:
    client.send('response.create')
    await client.until('response.done')
    for type, fields in (
        (
            'session.update',
            {'session': {'type': 'realtime', 'instructions': 'Sing.', 'audio': {'output': {'voice': 'echo'}}}},
        ),
        ('response.create', {'response': {'audio': {'output': {'voice': 'echo'}}}}),
    ):
        client.events.clear()
        client.send(type, **fields)
        assert client.error()['code'] == 'cannot_update_voice'
        assert client.instructions != 'Sing.', 'all of the update is refused'
    client.send('session.update', session={'type': 'realtime', 'audio': {'output': {'voice': 'marin', 'speed': 1.5}}})
    assert client.all('session.updated'), 'the same voice again is no change'


@pytest.mark.parametrize(
    ('message', 'code', 'param'),
    [
        ('', 'invalid_json', None),
        ('{"type": "response.', 'invalid_json', None),
        ('[' * 100_000, 'invalid_json', None),
        (b'\xff\x00', 'invalid_json', None),
        ('null', 'invalid_type', 'body'),
        ('{}', 'missing_required_parameter', 'type'),
        (event('session.destroy'), 'invalid_value', 'type'),
        ('{"type": ["response.create"]}', 'invalid_type', 'type'),
        (event('response.create', event_id=7), 'invalid_type', 'event_id'),
        (event('response.create', now=True), 'unknown_parameter', 'now'),
        (event('response.create', response={'input': [REFERENCE]}), 'item_not_found', 'response.input[0].id'),
        (event('response.create', response={'metadata': {'a': 1}}), 'invalid_type', 'response.metadata.a'),
        (event('session.update'), 'missing_required_parameter', 'session'),
        (event('input_audio_buffer.append', audio='!'), 'invalid_value', 'audio'),
        (event('input_audio_buffer.commit'), 'input_audio_buffer_commit_empty', None),
        (event('conversation.item.create', item=SPOOF), 'invalid_value', 'item.content[0].type'),
        ('"' + ' ' * FakeTransport.longest_message + '"', 'invalid_event', None),
    ],
)
async def test_a_mistake_is_reported(client: Client, message: str | bytes, code: str, param: str) -> None:
    client.session.receive(message)
    assert (client.error()['code'], client.error()['param']) == (code, param)
    assert client.error()['type'] == 'invalid_request_error'
    assert len(client.events) == 1
    client.send('response.create')
    await client.until('response.done')


@pytest.mark.parametrize(
    ('message', 'code', 'text'),
    [
        (
            event('conversation.item.retrieve', item_id='x'),
            'item_retrieve_invalid_item_id',
            "Error retrieving item: the item with id 'x' does not exist.",
        ),
        (
            event('conversation.item.delete', item_id='x'),
            'item_delete_invalid_item_id',
            "Error deleting item: the item with id 'x' does not exist.",
        ),
        (
            event('conversation.item.truncate', item_id='x', audio_end_ms=0),
            'item_truncate_invalid_item_id',
            "Error truncating item: the item with id 'x' does not exist.",
        ),
        (
            event('conversation.item.create', item=HELLO, previous_item_id='x'),
            'item_create_invalid_previous_item_id',
            "Error adding item: the previous item with id 'x' does not exist.",
        ),
        (
            event('conversation.item.create', item=typed('Again', id='hello')),
            'item_create_duplicate_item_id',
            "Error adding item: an item with id 'hello' already exists.",
        ),
        (
            event('input_audio_buffer.commit'),
            'input_audio_buffer_commit_empty',
            'Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, '
            'but buffer only has 0.00ms of audio.',
        ),
    ],
)
async def test_a_refusal_has_the_words_of_openai(client: Client, message: str, code: str, text: str) -> None:
    client.send('conversation.item.create', item={**HELLO, 'id': 'hello'})
    client.session.receive(message)
    assert client.error() == {
        'type': 'invalid_request_error',
        'code': code,
        'message': text,
        'param': None,
        'event_id': None,
    }


async def test_an_answer_cannot_be_truncated_past_its_end(client: Client) -> None:
    client.send('response.create')
    await client.until('response.done')
    answer = client.all('conversation.item.done')[-1]['item']['id']
    client.send('conversation.item.truncate', item_id=answer, content_index=0, audio_end_ms=999_999)
    assert client.error()['message'] == 'Audio content of 2000ms is already shorter than 999999ms'


async def test_a_conversation_has_its_limits(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, '_MOST_ITEMS', 2)
    monkeypatch.setattr(session, '_LARGEST_CONVERSATION', 1000)
    client.send('conversation.item.create', item=typed('a' * 900, id='a'))
    client.send('conversation.item.create', item=typed('b' * 200, id='b'))
    assert client.error()['code'] == 'conversation_full'
    client.send('conversation.item.create', item=typed('b', id='b'))
    client.send('conversation.item.create', item=typed('c', id='c'), event_id='mine')
    assert (client.error()['code'], client.error()['event_id']) == ('conversation_full', 'mine')
    client.send('conversation.item.delete', item_id='a')
    client.send('conversation.item.create', item=typed('c', id='c'))
    assert [event['item']['id'] for event in client.all('conversation.item.done')] == ['a', 'b', 'c']


async def test_the_number_of_parallel_responses_is_limited(client: Client) -> None:
    client.mind.thinking.clear()
    for _ in range(17):
        client.send('response.create', response={'conversation': 'none'})
    assert client.error()['code'] == 'rate_limit_exceeded'
    client.mind.thinking.set()
    await client.until('response.done', count=16)
