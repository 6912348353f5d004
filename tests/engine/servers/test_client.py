"""The client of a stage's server: which way it takes, and what it sends along."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from openai import AsyncOpenAI

from components.engine.minds.mind import MindError, Prompt
from components.engine.servers import client as client_module
from components.engine.servers.chat_mind import ChatMind
from components.engine.servers.client import open_client
from components.engine.servers.server_ears import ServerEars
from components.engine.servers.server_voice import ServerVoice
from components.engine.servers.stage_server import StageServer
from components.engine.speech.speech_process import SpeechError
from tests.engine.speech_server import SpeechServer, answer

WORDS = answer(json.dumps({'text': 'Hello.'}).encode())


async def heard_by(server: SpeechServer, key: str = '') -> str:
    stage = StageServer(server.url, 'whisper-1', key)
    async with open_client(stage) as client, asyncio.timeout(10):
        return str(await hear(stage, client))


async def test_a_server_on_this_machine_is_asked_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(('127.0.0.1', 0)) as closed:
        proxy = f'http://127.0.0.1:{closed.getsockname()[1]}'
    for name in ('HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'):
        monkeypatch.setenv(name, proxy)
    for name in ('NO_PROXY', 'no_proxy'):
        monkeypatch.delenv(name, raising=False)
    async with SpeechServer(WORDS) as server:
        assert await heard_by(server) == 'Hello.'


@pytest.mark.parametrize('key', ['', 'sk-of-this-server'])
async def test_openai_environment_variables_are_not_sent(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv('OPENAI_API_KEY', 'sk-canary')
    monkeypatch.setenv('OPENAI_ORG_ID', 'org-canary')
    monkeypatch.setenv('OPENAI_PROJECT_ID', 'proj-canary')
    monkeypatch.setenv('OPENAI_CUSTOM_HEADERS', 'X-Own: canary\nAuthorization: Bearer canary')
    async with SpeechServer(WORDS) as server:
        await heard_by(server, key)
    headers = server.questions[0].headers
    assert headers['Authorization'] == (f'Bearer {key}' if key else None)
    assert 'canary' not in str(headers)
    assert 'X-Stainless-OS' not in headers


async def test_a_failed_request_is_not_repeated() -> None:
    async with SpeechServer(answer(b'{}', status='503 Busy')) as server:
        with pytest.raises(Exception, match='status 503'):
            await heard_by(server)
    assert len(server.questions) == 1


Stage = Callable[[StageServer, AsyncOpenAI], Awaitable[object]]


async def hear(stage: StageServer, client: AsyncOpenAI) -> object:
    hearing = ServerEars(stage, client).hear()
    hearing.feed(bytes(3200))
    return await hearing.finish()


async def think(stage: StageServer, client: AsyncOpenAI) -> object:
    prompt = Prompt(())
    return [piece async for piece in ChatMind(stage, client).answer(prompt)]


async def speak(stage: StageServer, client: AsyncOpenAI) -> object:
    return [sound async for sound in ServerVoice(stage, client).speak('Hello.', voice='marin')]


@pytest.mark.parametrize('stage', [hear, think, speak])
@pytest.mark.parametrize('status', [200, 500])
async def test_an_answer_without_end_is_not_read_to_its_end(
    stage: Stage, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, 'LONGEST_TEXT', 1_000_000)
    monkeypatch.setattr(client_module, 'LONGEST_SOUND', 1_000_000)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b'x' * 100_000

    transport = httpx2.MockTransport(lambda request: httpx2.Response(status, content=endless()))
    server = StageServer('http://server.example/v1', 'model')
    async with open_client(server, transport=transport) as client, asyncio.timeout(10):
        with pytest.raises((SpeechError, MindError), match='sent an answer without end'):
            await stage(server, client)
    assert sent == 11


async def test_answers_come_as_they_are_so_that_their_bytes_can_be_counted() -> None:
    async with SpeechServer(WORDS) as server:
        await heard_by(server)
    assert server.questions[0].headers['Accept-Encoding'] == 'identity'


def test_an_engine_without_servers_does_not_load_openai() -> None:
    program = (
        'import sys\n'
        'from components.engine import Engine, StageServers\n'
        'from components.engine.servers.chosen_stages import ChosenStages\n'
        'Engine(), ChosenStages(StageServers())\n'
        'print("openai" in sys.modules)'
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True, check=True)
    assert done.stdout == 'False\n'
