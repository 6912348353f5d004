"""A port that uvicorn listens on itself, such as that of the host's page, has deadlines and caps, too."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from random import randbytes

import pytest
import pytest_asyncio
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect

from components.sharing import connections as module
from components.sharing.connections import WANTED_DESCRIPTORS, Connections, Deadlines, raise_descriptor_limit


class Host:
    """A page at `port`, and what it does with WebSockets."""

    def __init__(self, port: int, connections: Connections) -> None:
        self.port = port
        self.connections = connections

    async def ask(self, request: str) -> bytes:
        """Send a request, or a part of one, and read until the connection ends."""
        reader, writer = await asyncio.open_connection('127.0.0.1', self.port)
        writer.write(request.encode())
        answer = b''
        with suppress(ConnectionError):
            answer = await reader.read()
        writer.close()
        return answer


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer requests with their client, and give up WebSockets to which more was sent than they take."""
    if scope['type'] == 'websocket':
        await receive()
        await send({'type': 'websocket.accept'})
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                while True:
                    await send({'type': 'websocket.send', 'bytes': randbytes(1_000_000)})
        return
    while (await receive()).get('more_body'):
        pass
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'connection', b'close')]})
    await send({'type': 'http.response.body', 'body': str(scope['client'][0]).encode()})


@pytest_asyncio.fixture
async def host() -> AsyncIterator[Host]:
    connections = Connections(most=100)
    config = uvicorn.Config(
        Deadlines(app, connections),
        lifespan='off',
        log_config=None,
        ws='wsproto',
        http=connections.protocol,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(('127.0.0.1', 0))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield Host(listening.getsockname()[1], connections)
    server.should_exit = True
    async with asyncio.timeout(10):
        await serving


async def test_a_request_is_answered_and_the_address_of_the_connection_counts(host: Host) -> None:
    answer = await host.ask('GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n')
    assert b'127.0.0.1' in answer


@pytest.mark.parametrize('begun', ['', 'GET / HT', 'GET / HTTP/1.1\r\nHost: x\r\n'])
async def test_half_a_request_ends_the_connection(host: Host, begun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'HEADER_SECONDS', 0.1)
    assert await host.ask(begun) == b''


async def test_half_a_body_ends_the_connection(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'BODY_SECONDS', 0.1)
    assert await host.ask('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf') == b''


async def test_one_address_gets_so_many_connections(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'MOST_OF_ADDRESS', 2)
    greedy = [await asyncio.open_connection('127.0.0.1', host.port) for _ in range(2)]
    assert await host.ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n') == b''
    for _, writer in greedy:
        writer.close()
        await writer.wait_closed()
    assert await host.ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n')


async def test_a_websocket_that_takes_nothing_is_closed_in_the_end(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'CLOSING_SECONDS', 0.2)
    async with connect(f'ws://127.0.0.1:{host.port}', max_size=None, close_timeout=0) as websocket:
        websocket.transport.pause_reading()
        async with asyncio.timeout(10):
            while len(host.connections):  # noqa: ASYNC110  (nothing tells it)
                await asyncio.sleep(0.01)


@pytest.mark.skipif(sys.platform == 'win32', reason='Windows has no such limit')
@pytest.mark.parametrize(
    ('soft', 'hard', 'raised'),
    [(256, 10_000, WANTED_DESCRIPTORS), (256, -1, WANTED_DESCRIPTORS), (256, 1024, 1024), (8192, 10_000, 8192)],
)
def test_a_low_limit_of_descriptors_is_raised(
    soft: int, hard: int, raised: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MacOS lets a program open 256 files unless it asks for more."""
    import resource

    limits = [(soft, hard)]
    monkeypatch.setattr(resource, 'getrlimit', lambda _: limits[-1])
    monkeypatch.setattr(resource, 'setrlimit', lambda _, wanted: limits.append(wanted))
    assert raise_descriptor_limit() == raised
    assert limits[-1] == (raised, hard)
