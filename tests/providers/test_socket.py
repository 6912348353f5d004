"""WebSockets to a service: to an engine over the network, and to one in this program; they must not differ."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from components.engine import Engine
from components.providers.engine import engine_service
from components.providers.error import ProviderError
from components.providers.profile import PROFILES
from components.providers.realtime_service import RealtimeService
from components.providers.socket import ServiceSocket, SocketClosed
from tests.engine.served import Served
from tests.parley import free_port

KEY = 'sk-proj-canary-0123456789'
pytestmark = pytest.mark.asyncio(loop_scope='module')


@pytest_asyncio.fixture(scope='module', loop_scope='module')
async def served() -> AsyncIterator[Served]:
    async with Served(Engine(key=KEY)) as served:
        yield served


def provider(served: Served, kind: str, key: str = KEY) -> RealtimeService:
    if kind == 'network':
        return over_network(served.url, key)
    return engine_service(served.engine.app, key=key)


def over_network(url: str, key: str = KEY) -> RealtimeService:
    profile = PROFILES['openai']
    return RealtimeService(key, httpx.AsyncClient(), profile.with_given({'url': url}))


async def received(socket: ServiceSocket, type: str) -> dict[str, object]:
    while (event := json.loads(await socket.receive()))['type'] != type:
        pass
    assert isinstance(event, dict)
    return event


@pytest.mark.parametrize('kind', ['network', 'program'])
async def test_a_session_is_held_and_ended(served: Served, kind: str) -> None:
    socket = await provider(served, kind).connect('gpt-realtime-2.1', 'browser')
    created = await received(socket, 'session.created')
    assert 'gpt-realtime-2.1' in json.dumps(created)
    await socket.send('{"type": "input_audio_buffer.clear"}')
    await received(socket, 'input_audio_buffer.cleared')
    await socket.close()
    await socket.close()
    with pytest.raises(SocketClosed):
        await socket.send('{"type": "input_audio_buffer.clear"}')
    with pytest.raises(SocketClosed):
        await received(socket, 'nothing of the kind')
    await served.all_over()


@pytest.mark.parametrize('kind', ['network', 'program'])
async def test_a_wrong_key_is_told_as_the_service_tells_it(served: Served, kind: str) -> None:
    with pytest.raises(ProviderError) as refused:
        await provider(served, kind, 'sk-proj-wrong-0123456789').connect('m', 'browser')
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
