"""The events of a session without sound: configuration, items, typed turns, errors."""

import asyncio
import base64
import json
from typing import Any

import pytest

from components.engine.minds.mind import Prompt, Utterance
from components.engine.session import session
from tests.engine.fakes import Client, FakeMind, FakeTransport

ALOUD = [
    'response.created',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
    'response.output_audio_transcript.delta',
    'output_audio_buffer.started',
    'response.output_audio_transcript.delta',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'conversation.item.done',
    'response.output_item.done',
    'response.done',
    'rate_limits.updated',
]


def typed(text: str, **fields: Any) -> dict[str, Any]:
    return {'type': 'message', 'role': 'user', 'content': [{'type': 'input_text', 'text': text}], **fields}


def event(type: str, **fields: Any) -> str:
    return json.dumps({'type': type, **fields})


HELLO = typed('Hello')
SPOOF = {'type': 'message', 'role': 'user', 'content': [{'type': 'output_text', 'text': 'Yes.'}]}
REFERENCE = {'type': 'item_reference', 'id': 'x'}


@pytest.fixture
def client() -> Client:
    return Client()


async def test_a_session_begins_with_its_configuration(client: Client) -> None:
    client.session.open()
    [event] = client.events
    assert event['type'] == 'session.created'
    assert event['session']['id'] == client.session.id
    assert event['session']['expires_at'] == 3600


async def test_a_typed_question_is_answered_aloud(client: Client) -> None:
    client.send('conversation.item.create', item=typed('What time is it?'))
    client.send('response.create')
    await client.until('rate_limits.updated')

    assert client.types() == ['conversation.item.added', 'conversation.item.done', *ALOUD]
    assert client.mind.asked[0][0] == [Utterance('user', 'What time is it?')]
    deltas = [event['delta'] for event in client.all('response.output_audio_transcript.delta')]
    assert deltas == ['It', ' is', ' noon.', ' Time', ' to', ' eat.']
    done = client.all('response.done')[0]['response']
    assert done['status'] == 'completed'
    assert done['output'][0]['content'] == [{'type': 'output_audio', 'transcript': 'It is noon. Time to eat.'}]
    tokens = {'text_tokens': 6, 'audio_tokens': 2000 // 50, 'reasoning_tokens': 0}
    assert done['usage']['output_token_details'] == tokens

    client.transport.play_all()
    assert client.types()[-1] == 'output_audio_buffer.stopped'


async def test_an_answer_can_be_text(client: Client) -> None:
    client.send('response.create', response={'output_modalities': ['text']})
    await client.until('rate_limits.updated')
    assert client.types() == [
        'response.created',
        'response.output_item.added',
        'conversation.item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'conversation.item.done',
        'response.output_item.done',
        'response.done',
        'rate_limits.updated',
    ]
    assert client.all('response.output_text.done')[0]['text'] == 'It is noon. Time to eat.'
    assert not client.speech.spoken


async def test_items_form_a_chain(client: Client) -> None:
    for name, place in (
        ('a', {}),
        ('b', {}),
        ('first', {'previous_item_id': 'root'}),
        ('c', {'previous_item_id': 'a'}),
    ):
        client.send('conversation.item.create', item=typed(name, id=name), **place)
    chain = {event['item']['id']: event['previous_item_id'] for event in client.all('conversation.item.added')}
    assert chain == {'a': None, 'b': 'a', 'first': None, 'c': 'a'}

    client.send('conversation.item.delete', item_id='a')
    client.send('response.create')
    await client.until('response.done')
    assert [each.text for each in client.mind.asked[0][0]] == ['first', 'c', 'b']


async def test_an_item_can_be_retrieved(client: Client) -> None:
    client.send('conversation.item.create', item=typed('Hello', id='a'))
    client.send('conversation.item.retrieve', item_id='a')
    item = client.all('conversation.item.retrieved')[0]['item']
    assert item == {**typed('Hello', id='a'), 'status': 'completed'}


async def test_a_picture_is_acknowledged(client: Client) -> None:
    picture = {'type': 'input_image', 'image_url': f'data:image/gif;base64,{base64.b64encode(b"GIF89a").decode()}'}
    client.send('conversation.item.create', item={'type': 'message', 'role': 'user', 'content': [picture]})
    assert client.types() == ['conversation.item.added', 'conversation.item.done']
    assert client.all('conversation.item.done')[0]['item']['content'] == [picture]


async def test_rate_limits_follow_a_response(client: Client) -> None:
    client.send('response.create')
    [limit] = (await client.until('rate_limits.updated'))['rate_limits']
    used = client.all('response.done')[0]['response']['usage']['total_tokens']
    assert (limit['name'], limit['limit'] - limit['remaining']) == ('tokens', used)


async def test_an_update_is_confirmed_and_used(client: Client) -> None:
    audio = {'output': {'voice': 'coral', 'speed': 1.2}}
    client.send('session.update', session={'type': 'realtime', 'instructions': 'Be brief.', 'audio': audio})
    assert client.all('session.updated')[0]['session']['audio']['output']['voice'] == 'coral'
    client.send('response.create')
    await client.until('response.done')
    assert client.mind.asked[0][1] == 'Be brief.'
    assert client.speech.spoken == [('It is noon.', 'coral', 1.2), ('Time to eat.', 'coral', 1.2)]


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


async def test_overrides_apply_to_one_response(client: Client) -> None:
    client.send('response.create', response={'instructions': 'Sing.', 'metadata': {'topic': 'songs'}})
    await client.until('response.done')
    client.send('response.create')
    await client.until('response.done', count=2)
    assert [instructions for _, instructions in client.mind.asked] == ['Sing.', client.instructions]
    assert [event['response']['metadata'] for event in client.all('response.done')] == [{'topic': 'songs'}, None]


async def test_an_out_of_band_response_leaves_no_trace(client: Client) -> None:
    client.mind.thinking.clear()
    client.send('conversation.item.create', item=typed('Hello', id='a'))
    client.send('response.create')
    apart = {'conversation': 'none', 'output_modalities': ['text'], 'metadata': {'topic': 'title'}}
    context = [typed('Name this.'), {'type': 'item_reference', 'id': 'a'}]  # of which the package knows nothing
    client.session.receive(event('response.create', response={**apart, 'input': context}))
    assert not client.all('error'), 'it runs beside the other one'
    client.mind.thinking.set()
    await client.until('response.done', count=2)

    titled = next(each['response'] for each in client.all('response.done') if each['response']['metadata'])
    assert titled['conversation_id'] is None
    assert titled['output'][0]['id'] not in [event['item']['id'] for event in client.all('conversation.item.added')]
    assert [Utterance('user', 'Name this.'), Utterance('user', 'Hello')] in [asked for asked, _ in client.mind.asked]


async def test_a_conversation_has_one_active_response(client: Client) -> None:
    client.mind.thinking.clear()
    client.send('response.create')
    client.send('response.create', event_id='second')
    assert client.error()['code'] == 'conversation_already_has_active_response'
    assert client.error()['event_id'] == 'second'


async def test_a_response_can_be_cancelled(client: Client) -> None:
    client.send('response.cancel')
    assert client.error()['code'] == 'response_cancel_not_active'

    client.speech.speaking.clear()
    client.send('response.create')
    await client.until('response.content_part.added')
    client.send('response.cancel')
    done = client.all('response.done')[0]['response']
    assert done['status_details'] == {'type': 'cancelled', 'reason': 'client_cancelled'}
    assert done['output'][0]['status'] == 'incomplete'

    client.speech.speaking.set()
    client.send('response.create')
    await client.until('response.done', count=2)
    late = [each for each in client.all('response.output_audio_transcript.delta') if each['response_id'] == done['id']]
    assert not late


async def test_a_client_can_stop_the_sound(client: Client) -> None:
    client.send('output_audio_buffer.clear')
    assert not client.events, 'there was nothing to stop'
    client.send('response.create')
    await client.until('response.done')
    client.transport.playbacks[0].played_ms = 1000
    client.send('output_audio_buffer.clear')
    assert client.types()[-2:] == ['output_audio_buffer.cleared', 'conversation.item.truncated']
    client.send('conversation.item.retrieve', item_id=client.all('conversation.item.truncated')[0]['item_id'])
    heard = client.all('conversation.item.retrieved')[0]['item']['content'][0]['transcript']
    assert heard == 'It is noon.', 'the half that was played'


async def test_an_answer_ends_at_its_limit(client: Client) -> None:
    client.send('response.create', response={'max_output_tokens': 2})
    await client.until('response.done')
    done = client.all('response.done')[0]['response']
    assert done['status_details'] == {'type': 'incomplete', 'reason': 'max_output_tokens'}
    assert done['output'][0]['content'][0]['transcript'] == 'It is noon.'


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


async def test_an_empty_previous_item_is_none(client: Client) -> None:
    client.send('conversation.item.create', item={**HELLO, 'id': 'first'})
    client.send('conversation.item.create', item={**HELLO, 'id': 'second'}, previous_item_id='')
    assert client.all('conversation.item.added')[1]['previous_item_id'] == 'first'


async def test_an_answer_cannot_be_truncated_past_its_end(client: Client) -> None:
    client.send('response.create')
    await client.until('response.done')
    answer = client.all('conversation.item.done')[-1]['item']['id']
    client.send('conversation.item.truncate', item_id=answer, content_index=0, audio_end_ms=999_999)
    assert client.error()['message'] == 'Audio content of 2000ms is already shorter than 999999ms'


async def test_the_phase_of_an_answer_is_kept(client: Client) -> None:
    answer = {'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': 'Let me look.'}]}
    client.send('conversation.item.create', item={**answer, 'phase': 'commentary'})
    client.send('conversation.item.create', item={**answer, 'phase': None})
    phases = [event['item'].get('phase') for event in client.all('conversation.item.done')]
    assert phases == ['commentary', None]


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


async def test_an_expired_session_reports_it(client: Client) -> None:
    client.session.expire()
    assert client.error()['code'] == 'session_expired'


async def test_closing_ends_everything(client: Client) -> None:
    client.speech.listening.clear()
    client.say('what_time_is_it', 1.0)
    client.hear('hello')
    events = len(client.events)
    await client.session.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert all(hearing.aborted for hearing in client.speech.hearings)
    assert len(client.events) == events


async def test_appended_sound_reaches_the_transport_in_the_format_of_the_session() -> None:
    client = Client()
    client.send('input_audio_buffer.append', audio='AAEC')
    g711 = {'type': 'realtime', 'audio': {'input': {'format': {'type': 'audio/pcmu'}}}}
    client.send('session.update', session=g711)
    client.send('input_audio_buffer.append', audio='')
    assert client.transport.appended == [(b'\0\1\2', 'audio/pcm'), (b'', 'audio/pcmu')]


class PreparableMind(FakeMind):
    def __init__(self) -> None:
        super().__init__()
        self.prepared: list[Prompt] = []

    def prepare(self, prompt: Prompt) -> None:
        self.prepared.append(prompt)


async def test_a_mind_may_work_ahead_on_the_instructions() -> None:
    mind = PreparableMind()
    client = Client(mind=mind)
    client.session.open()
    client.send('conversation.item.create', item=HELLO)
    client.send('session.update', session={'type': 'realtime', 'instructions': 'Be brief.'})
    first, second = mind.prepared
    assert first.items == ()
    assert (second.instructions, [item.text for item in second.items]) == ('Be brief.', ['Hello'])
