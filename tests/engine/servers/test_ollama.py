"""Ollama on this computer is suggested as the mind."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from components.engine import Engine, StageServers
from components.engine.servers import chosen_stages
from components.engine.servers.ollama import Ollama, find_ollama
from components.engine.servers.stage_server import StageServer


async def find(handler: Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]) -> Ollama | None:
    async def handle(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == 'http://localhost:11434/v1/models'
        answer = handler(request)
        return answer if isinstance(answer, httpx.Response) else await answer

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
        return await find_ollama(client, seconds=0.05)


async def test_its_models_are_named_in_a_sentence() -> None:
    listed = {'object': 'list', 'data': [{'id': 'llama3.2:latest'}, {'id': 'qwen3:4b'}, 'odd']}
    found = await find(lambda request: httpx.Response(200, json=listed))
    assert found == Ollama(('llama3.2:latest', 'qwen3:4b'))
    assert found.offer == (
        'Ollama runs on this computer with llama3.2:latest, qwen3:4b: to talk with it, put '
        'ENGINE_MIND_URL=http://localhost:11434/v1 and ENGINE_MIND_MODEL=llama3.2:latest into .env '
        'and start Parley again.'
    )


async def test_a_missing_model_is_explained() -> None:
    found = await find(lambda request: httpx.Response(200, json={'object': 'list', 'data': None}))
    assert found == Ollama(())
    assert 'ollama pull' in found.offer


@pytest.mark.parametrize('body', ['', '<html>', '[]', json.dumps({'data': 7}), '[' * 100_000])
async def test_other_servers_are_not_taken_for_ollama(body: str) -> None:
    assert await find(lambda request: httpx.Response(200, text=body)) is None
    assert await find(lambda request: httpx.Response(404, json={'data': []})) is None


async def test_a_list_without_end_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b' ' * 100_000

    assert await find(lambda request: httpx.Response(200, content=endless())) is None
    assert sent == 11


async def test_a_server_that_does_not_answer_is_not_waited_for() -> None:
    async def never(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError('refused', request=request)

    assert await find(never) is None
    assert await find(refuse) is None


async def test_the_engine_suggests_it_unless_a_mind_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(client: httpx.AsyncClient) -> Ollama:
        return Ollama(('llama3.2',))

    monkeypatch.setattr(chosen_stages, 'find_ollama', found)
    chosen = StageServers(mind=StageServer('http://localhost:11434/v1', 'llama3.2'))
    for engine, news in ((Engine(), [Ollama(('llama3.2',)).offer]), (Engine(servers=chosen), [])):
        await engine.start()
        assert engine.news == news
        await engine.stop()
