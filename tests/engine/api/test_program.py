"""The engine as a separate process: `python -m components.engine`."""

import asyncio
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from openai import AsyncOpenAI, AuthenticationError
from websockets.exceptions import InvalidStatus

from tests.engine.served import connected


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[Process]:
    command = [sys.executable, '-m', 'components.engine', *arguments]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def greeting(process: Process) -> str:
    assert process.stdout
    async with asyncio.timeout(60):
        return (await process.stdout.readline()).decode()


async def test_it_serves_the_api_until_ctrl_c() -> None:
    async with program('--port', '0', '--key', 'sk-right') as process:
        said = await greeting(process)
        assert 'sk-right' not in said
        url = re.findall(r'http://127\.0\.0\.1:\d+/v1', said)
        client = AsyncOpenAI(base_url=url[0], api_key='sk-right', max_retries=0)
        assert [model.id async for model in client.models.list()] == ['rehearsal-1']
        with pytest.raises(AuthenticationError, match='Incorrect API key provided'):
            await client.with_options(api_key='sk-wrong').models.list()
        with pytest.raises(InvalidStatus, match='HTTP 401'):  # a refusal leaves no line in the log either
            async with client.with_options(api_key='sk-wrong').realtime.connect(model='rehearsal-1'):
                pass
        async with connected(client.realtime.connect(model='rehearsal-1')) as session:
            await session.until('session.created')
            process.send_signal(signal.SIGINT)
            async with asyncio.timeout(15):
                out, problems = await process.communicate()
        assert (process.returncode, out, problems) == (0, b'', b'')


async def test_it_prints_the_servers_of_its_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('ENGINE_EARS_URL', 'http://localhost:8000/v1')
    monkeypatch.setenv('ENGINE_VOICE_URL', 'http://localhost:8880/v1')
    async with program('--port', '0') as process:
        assert 'Realtime API' in await greeting(process)
        assert (await greeting(process)).startswith('Speech recognition: localhost:8000. Answers: ')


async def test_a_bad_server_url_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('ENGINE_EARS_URL', 'localhost:8000')
    async with program('--port', '0') as process:
        out, problems = await process.communicate()
    assert (process.returncode, out) == (1, b'')
    assert problems.startswith(b'ENGINE_EARS_URL must look like http://localhost:8000/v1')
    assert problems.count(b'\n') == 1


async def test_a_taken_port_is_reported() -> None:
    with socket.create_server(('127.0.0.1', 0)) as taken:
        async with program('--port', str(taken.getsockname()[1])) as process:
            _, problems = await process.communicate()
    assert process.returncode == 1
    assert problems.startswith(b'The engine cannot listen on 127.0.0.1')
    assert b'Traceback' not in problems
