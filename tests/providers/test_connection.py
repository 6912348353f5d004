"""Sessions with an engine: over a WebSocket, and within this program. They must not differ."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest
import pytest_asyncio

from components.engine import Engine
from components.engine.faults.faulty_engine import FaultyEngine
from components.providers.connection.connection import ServiceConnection, ServiceEvent, SocketConnection
from components.providers.connection.socket import ServiceClosed, ServiceRefused
from components.providers.engine.connection import EngineConnection
from components.providers.engine.service import engine_service
from components.providers.error import ProviderError
from components.providers.profile import PROFILES
from components.providers.realtime_service import RealtimeService
from tests.engine.served import Served, spoken
from tests.parley import free_port
from tests.relay.fakes import FakeService

KEY = 'sk-proj-canary-0123456789'
pytestmark = pytest.mark.asyncio(loop_scope='module')


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(FaultyEngine(key=KEY)) as served:
        yield served


def provider(served: Served, kind: str, key: str = KEY) -> RealtimeService:
    if kind == 'network':
        return over_network(served.url, key)
    connect = partial(EngineConnection.open, served.engine)
    return engine_service(served.engine.app, key=key, connect=connect)


def over_network(url: str, key: str = KEY) -> RealtimeService:
    profile = PROFILES['openai']
    return RealtimeService(key, httpx.AsyncClient(), profile.with_given({'url': url}))


async def received(connection: ServiceConnection, type: str) -> ServiceEvent:
    while (event := await connection.receive()).fields['type'] != type:
        pass
    return event


@pytest.mark.parametrize('kind', ['network', 'program'])
async def test_a_session_is_held_and_ended(served: Served, kind: str) -> None:
    connection = await provider(served, kind).connect('gpt-realtime-2.1', 'browser')
    created = await received(connection, 'session.created')
    assert created.fields['session']['model'] == 'gpt-realtime-2.1'
    assert json.loads(created.text) == created.fields
    await connection.send('{"type": "input_audio_buffer.clear"}')
    await received(connection, 'input_audio_buffer.cleared')
    await connection.close()
    await connection.close()
    with pytest.raises(ServiceClosed):
        await connection.send('{"type": "input_audio_buffer.clear"}')
    with pytest.raises(ServiceClosed):
        await received(connection, 'nothing of the kind')
    await served.all_over()


@pytest.mark.parametrize('kind', ['network', 'program'])
async def test_speech_is_heard_and_answered_aloud(served: Served, kind: str) -> None:
    connection = await provider(served, kind).connect('gpt-realtime-2.1', 'browser')
    pcm = spoken(['what_time_is_it', 1.0])
    for at in range(0, len(pcm), 4_800):
        await connection.send_sound(pcm[at : at + 4_800])
    sound = (await received(connection, 'response.output_audio.delta')).sound
    assert sound
    while (event := await connection.receive()).fields['type'] != 'response.done':
        sound += event.sound or b''
    assert len(sound) > 48_000, 'more than a second'
    await connection.close()
    await served.all_over()


@pytest.mark.parametrize('kind', ['network', 'program'])
async def test_a_refused_session_is_explained_as_the_service_explains_it(served: Served, kind: str) -> None:
    refusal = {'at': 'socket', 'status': 429, 'code': 'insufficient_quota', 'message': 'Pay first.'}
    async with httpx.AsyncClient(base_url=served.url, headers={'Authorization': f'Bearer {KEY}'}) as client:
        await client.post('/faults', json={'refuse': refusal})
    with pytest.raises(ProviderError) as refused:
        await provider(served, kind).connect('m', 'browser')
    assert (refused.value.code, refused.value.detail) == ('insufficient_quota', 'Pay first.')


@pytest.mark.parametrize(
    'text',
    [
        *('', '[]', '{"type": 1}', '{"type": "x", "n": NaN}', '[' * 100_000),
        '{"type":"response.output_audio.delta","delta":"?"}',
    ],
)
async def test_malformed_events_are_skipped(text: str) -> None:
    service = FakeService()
    service.say_text(text)
    service.say(type='session.updated')
    connection = SocketConnection(service)
    assert [(await connection.receive()).fields['type'] for _ in range(2)] == ['session.created', 'session.updated']


async def test_a_session_ends_with_its_engine() -> None:
    engine = Engine()
    connection = await EngineConnection.open(engine, 'm')
    receiving = asyncio.create_task(received(connection, 'nothing of the kind'))
    await engine.stop()
    with pytest.raises(ServiceClosed):
        await receiving
    with pytest.raises(ServiceClosed):
        await connection.send('{}')
    with pytest.raises(ServiceRefused):
        await EngineConnection.open(engine, 'm')


async def test_a_wrong_key_is_explained_as_the_service_explains_it(served: Served) -> None:
    with pytest.raises(ProviderError) as refused:
        await over_network(served.url, 'sk-proj-wrong-0123456789').connect('m', 'browser')
    assert refused.value.code == 'invalid_api_key'
    assert refused.value.detail == 'Incorrect API key provided.'


async def test_a_service_that_is_not_there() -> None:
    service = over_network(f'http://127.0.0.1:{free_port()}/v1')
    with pytest.raises(ProviderError) as refused:
        await service.connect('m', 'browser')
    assert refused.value.code == 'provider_unreachable'
    assert KEY not in str(refused.value)


async def test_a_web_server_that_knows_no_websocket(served: Served) -> None:
    service = over_network(f'{served.url}/nonsense')
    with pytest.raises(ProviderError) as refused:
        await service.connect('m', 'browser')
    assert refused.value.code in {'http_403', 'http_404'}
