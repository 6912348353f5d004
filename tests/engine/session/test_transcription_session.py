"""Transcription sessions over WebSocket and WebRTC, with the `openai` package's client."""

import json
from collections.abc import AsyncIterator
from typing import cast

import httpx
import pytest
import pytest_asyncio
from openai.types.realtime import RealtimeSessionCreateRequestParam, RealtimeTranscriptionSessionCreateRequestParam

from components.engine import Engine
from components.engine.protocol.session_config import TranscriptionConfig
from tests.engine.api.test_socket import MODEL, refusal
from tests.engine.caller import Caller
from tests.engine.fakes import Client
from tests.engine.served import Served, connected

from .test_spoken_turns import SPOKEN

pytestmark = pytest.mark.asyncio(loop_scope='module')  # one engine serves all tests
INTENT = {'intent': 'transcription'}
SESSION: RealtimeTranscriptionSessionCreateRequestParam = {
    'type': 'transcription',
    'audio': {'input': {'transcription': {'model': 'gpt-4o-mini-transcribe', 'language': 'en'}}},
}
BY_HAND: RealtimeTranscriptionSessionCreateRequestParam = {
    'type': 'transcription',
    'audio': {'input': {'transcription': {'model': 'gpt-realtime-whisper'}, 'turn_detection': None}},
}
TRANSCRIPTION = 'conversation.item.input_audio_transcription'
WRITTEN = [*SPOKEN, f'{TRANSCRIPTION}.delta', f'{TRANSCRIPTION}.completed']


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine(key='sk-right')) as served:
        yield served


@pytest.fixture
def client() -> Client:
    """Has said what shall write down."""
    client = Client(TranscriptionConfig())
    client.session.open()
    client.send('session.update', session=dict(SESSION))
    return client


async def test_speech_is_transcribed_and_never_answered(client: Client) -> None:
    client.say(1.0, 'what_time_is_it', 1.0)
    await client.until(f'{TRANSCRIPTION}.completed')
    client.say('hello', 1.0, words='hello')
    completed = await client.until(f'{TRANSCRIPTION}.completed', count=2)

    assert completed['transcript'] == 'hello'
    assert client.types() == ['session.created', 'session.updated', *WRITTEN, *WRITTEN]
    assert not client.mind.asked
    assert not client.speech.spoken
    assert client.speech.languages == ['en', 'en']
    first, second = client.all('input_audio_buffer.committed')
    assert (first['previous_item_id'], second['previous_item_id']) == (None, first['item_id'])


async def test_a_requested_response_is_refused(client: Client) -> None:
    client.send('response.create', event_id='mine')
    assert (client.error()['type'], client.error()['code']) == ('invalid_request_error', 'invalid_event')
    assert client.error()['event_id'] == 'mine'
    client.send('response.create', response={'conversation': 'none'})
    client.send('response.cancel')
    assert client.error()['code'] == 'response_cancel_not_active'
    assert not client.mind.asked
    client.say(1.0, 'what_time_is_it', 1.0)
    assert await client.until(f'{TRANSCRIPTION}.completed'), 'the session lives on'


async def test_an_update_of_a_conversation_is_refused(client: Client) -> None:
    client.send('session.update', session={'type': 'realtime', 'instructions': 'Sing.'}, event_id='mine')
    assert (client.error()['code'], client.error()['param']) == ('invalid_parameter', 'session.type')
    assert client.error()['event_id'] == 'mine'
    client.send('session.update', session={'type': 'transcription', 'audio': {'output': {'voice': 'echo'}}})
    assert (client.error()['code'], client.error()['param']) == ('unknown_parameter', 'session.audio.output')
    assert len(client.all('session.updated')) == 1


async def test_nothing_is_transcribed_until_a_model_is_named() -> None:
    client = Client(TranscriptionConfig())
    client.say(1.0, 'what_time_is_it', 1.0)
    await client.speech.asked.wait()
    assert client.types() == SPOKEN


async def test_over_a_websocket(served: Served) -> None:
    async with connected(served.client('sk-right').realtime.connect(extra_query=INTENT)) as client:
        created = (await client.until('session.created'))['session']
        assert (created['object'], created['audio'].keys()) == ('realtime.transcription_session', {'input'})
        await client.connection.session.update(session=SESSION)
        await client.append(0.5, 'what_time_is_it', 1.0)
        assert 'time' in (await client.until(f'{TRANSCRIPTION}.completed'))['transcript']
        assert client.types() == ['session.created', 'session.updated', *WRITTEN]


async def test_a_client_may_commit_by_hand(served: Served) -> None:
    async with connected(served.client('sk-right').realtime.connect(extra_query=INTENT)) as client:
        await client.connection.session.update(session=BY_HAND)
        await client.append('what_time_is_it')
        await client.connection.input_audio_buffer.commit()
        assert 'time' in (await client.until(f'{TRANSCRIPTION}.completed'))['transcript']
        assert client.types() == ['session.created', 'session.updated', *WRITTEN[2:]]


async def test_a_commit_by_hand_without_speech_gets_an_item_with_an_empty_transcript(served: Served) -> None:
    async with connected(served.client('sk-right').realtime.connect(extra_query=INTENT)) as client:
        await client.connection.session.update(session=BY_HAND)
        await client.append(1.0)
        await client.connection.input_audio_buffer.commit()
        assert (await client.until(f'{TRANSCRIPTION}.completed'))['transcript'] == ''
        assert client.types() == ['session.created', 'session.updated', *WRITTEN[2:5], f'{TRANSCRIPTION}.completed']


@pytest.mark.parametrize('query', [{}, INTENT])
async def test_a_short_lived_key_opens_its_session(served: Served, query: dict[str, str]) -> None:
    secret = await served.client('sk-right').realtime.client_secrets.create(session=SESSION)
    assert secret.session.type == 'transcription'
    assert (secret.session.object, secret.session.expires_at) == ('realtime.transcription_session', 0)
    async with connected(served.client(secret.value).realtime.connect(extra_query=query)) as client:
        created = (await client.until('session.created'))['session']
        assert created['audio']['input']['transcription']['model'] == 'gpt-4o-mini-transcribe'


async def test_the_url_of_a_transcription_session_names_no_model(served: Served) -> None:
    secret = await served.client('sk-right').realtime.client_secrets.create(session=SESSION)
    for key, query in (('sk-right', f'intent=transcription&model={MODEL}'), (secret.value, f'model={MODEL}')):
        assert await refusal(served, query, key) == (400, 'invalid_model', None)
    conversation = await served.client('sk-right').realtime.client_secrets.create()
    assert await refusal(served, 'intent=transcription', conversation.value) == (400, 'invalid_value', 'intent')
    assert await refusal(served, 'intent=transcription', 'sk-wrong') == (401, 'invalid_api_key', None)


@pytest.mark.parametrize('short_lived', [True, False])
async def test_over_webrtc(served: Served, short_lived: bool) -> None:
    answers: list[str] = []

    async def place(offer: str) -> str:
        owner = served.client('sk-right').realtime
        if short_lived:
            secret = await owner.client_secrets.create(session=SESSION)
            answer = await served.client(secret.value).realtime.calls.create(sdp=offer)
        else:
            answer = await owner.calls.create(sdp=offer, session=cast(RealtimeSessionCreateRequestParam, SESSION))
        answers.append(answer.text)
        return answer.text

    async with Caller(place, only_speaks=short_lived) as browser:
        assert (await browser.until('session.created'))['session']['type'] == 'transcription'
        browser.microphone.say('what_time_is_it')
        assert 'time' in (await browser.until(f'{TRANSCRIPTION}.completed'))['transcript']
        browser.send(type='response.create', event_id='mine')
        await browser.until_error('mine')
        browser.send(type='input_audio_buffer.append', audio='', event_id='sound')
        assert (await browser.until_error('sound'))['error']['code'] == 'invalid_event_for_transport'
        assert not browser.loudness, 'not even silence is sent'
    assert 'a=recvonly' in answers[0]
    await served.all_over()


async def test_bad_fields_are_refused_wherever_a_session_begins(served: Served) -> None:
    wrong = {'type': 'transcription', 'instructions': 'Sing.'}
    owner = {'Authorization': 'Bearer sk-right'}
    form = {'sdp': (None, 'v=0'), 'session': (None, json.dumps(wrong))}
    async with httpx.AsyncClient(base_url=served.url, headers=owner) as client:
        for answer in (
            await client.post('/realtime/client_secrets', json={'session': wrong}),
            await client.post('/realtime/calls', files=form),
        ):
            error = answer.json()['error']
            assert (answer.status_code, error['code']) == (400, 'unknown_parameter')
            assert error['param'] == 'session.instructions'


async def test_a_sideband_can_watch_it(served: Served) -> None:
    ids: list[str] = []

    async def place(offer: str) -> str:
        session = cast(RealtimeSessionCreateRequestParam, SESSION)
        answer = await served.client('sk-right').realtime.calls.create(sdp=offer, session=session)
        ids.append(answer.response.headers['Location'].rpartition('/')[2])
        return answer.text

    async with Caller(place) as browser:
        await browser.until('session.created')
        async with connected(served.client('sk-right').realtime.connect(call_id=ids[0])) as aside:
            await aside.connection.session.update(session=BY_HAND)
            await aside.until('session.updated')
            assert (await browser.until('session.updated'))['session']['audio']['input']['turn_detection'] is None
