"""The events of a session without sound: configuration, items, typed turns, errors."""

import asyncio
import base64

import pytest

from components.engine.minds.mind import Prompt, Utterance
from tests.engine.fakes import Client, FakeMind

from .client_events import HELLO, event, typed

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


async def test_an_empty_previous_item_is_none(client: Client) -> None:
    client.send('conversation.item.create', item={**HELLO, 'id': 'first'})
    client.send('conversation.item.create', item={**HELLO, 'id': 'second'}, previous_item_id='')
    assert client.all('conversation.item.added')[1]['previous_item_id'] == 'first'


async def test_the_phase_of_an_answer_is_kept(client: Client) -> None:
    answer = {'type': 'message', 'role': 'assistant', 'content': [{'type': 'output_text', 'text': 'Let me look.'}]}
    client.send('conversation.item.create', item={**answer, 'phase': 'commentary'})
    client.send('conversation.item.create', item={**answer, 'phase': None})
    phases = [event['item'].get('phase') for event in client.all('conversation.item.done')]
    assert phases == ['commentary', None]


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
