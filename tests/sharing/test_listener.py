"""The guests' port, over real sockets: TLS, plain HTTP, silence, and paths as no browser would write them."""

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from components.sharing import connections
from components.sharing import listener as module
from components.sharing.certificate.authority import Authority
from components.sharing.listener import Listener, listen
from tests.sharing.door.house import House

HOST = 'studio.local:8443'


class Port:
    """The open port, and what comes back when bytes are sent there."""

    def __init__(self, port: int, house: House, authority: Path) -> None:
        self.number = port
        self.house = house
        self._context = ssl.create_default_context(cafile=authority)

    async def connect(self, *, tls: bool = True) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection('127.0.0.1', self.number, ssl=self._context if tls else None)

    async def ask(self, request: str, *, tls: bool = True) -> str:
        """Send a request and read until the connection ends."""
        reader, writer = await self.connect(tls=tls)
        writer.write(f'{request}\r\nHost: {HOST}\r\nConnection: close\r\n\r\n'.encode())
        answer = await reader.read()
        writer.close()
        return answer.decode()


@pytest_asyncio.fixture
async def port(tmp_path: Path) -> AsyncIterator[Port]:
    authority = Authority.keep(tmp_path, 'studio', datetime.now(UTC))
    (tmp_path / 'machine.pem').write_bytes(authority.issue([], [ip_address('127.0.0.1')], datetime.now(UTC)))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / 'machine.pem')
    house = House()
    sockets = listen(None, 0)
    number = sockets[0].getsockname()[1]
    listener = Listener(house.app, sockets, context)
    await listener.start()
    yield Port(number, house, tmp_path / 'authority.pem')
    await listener.stop()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection('127.0.0.1', number)


async def test_one_port_serves_tls_and_redirects_plain_http(port: Port) -> None:
    assert (await port.ask('GET /join HTTP/1.1')).startswith('HTTP/1.1 200 OK')
    plain = await port.ask('GET /join?x=1 HTTP/1.1', tls=False)
    assert plain.startswith('HTTP/1.1 307 ')
    assert f'\r\nlocation: https://{HOST}/join?x=1\r\n' in plain


async def test_both_kinds_of_addresses_are_listened_on(port: Port) -> None:
    try:
        _, writer = await asyncio.open_connection('::1', port.number)
    except OSError:
        pytest.skip('this machine has no IPv6')
    writer.close()


@pytest.mark.parametrize(
    'path',
    [
        '//',
        '/.',
        '/join/../',
        '/join/..%2f',
        '/join/%2e%2e/',
        '/join%2f..%2f',
        '/%6aoin/../voices/marin.wav',
        '//join',
        '/join//',
        '/joins',
        '/join.css',
        '/join;/../',
        '/join/parley.crt/../../',
        '/_nicegui_evil',
        '/_nicegui/../',
        '/favicon.ico',
        '/engine/v1/realtime/calls',
        'https://studio.local:8443/engine/v1/models',
        '/?/join',
        '/%00/join',
    ],
)
async def test_no_spelling_of_a_path_bypasses_the_door(port: Port, path: str) -> None:
    for method in ('GET', 'POST'):
        await port.ask(f'{method} {path} HTTP/1.1')
    assert port.house.inside == []


async def test_forwarded_headers_are_not_trusted(port: Port) -> None:
    forged = 'X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nForwarded: for=127.0.0.1;proto=https'
    plain = await port.ask(f'GET / HTTP/1.1\r\n{forged}', tls=False)
    assert plain.startswith('HTTP/1.1 307 ')
    assert port.house.inside == []


async def test_the_oldest_silent_connections_are_closed(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'MOST_SILENT', 2)
    silent = [await port.connect(tls=False) for _ in range(5)]
    for reader, writer in silent[:2]:  # the eldest
        assert await reader.read() == b''
        writer.close()
    assert (await port.ask('GET /join HTTP/1.1')).startswith('HTTP/1.1 200 OK')
    for _, writer in silent:
        writer.close()


async def test_long_silence_ends_the_connection(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'PATIENCE', 0.0)
    reader, writer = await port.connect(tls=False)
    assert await reader.read() == b''
    writer.close()


@pytest.mark.parametrize('nonsense', [b'\x16', b'\x16\x03\x01\xff\xff nonsense', b'\x00' * 100, b'SSH-2.0-x\r\n'])
async def test_malformed_requests_only_close_the_connection(port: Port, nonsense: bytes) -> None:
    reader, writer = await port.connect(tls=False)
    writer.write(nonsense)
    writer.write_eof()
    await reader.read()
    writer.close()
    assert (await port.ask('GET /join HTTP/1.1')).startswith('HTTP/1.1 200 OK')


@pytest.mark.parametrize('begun', ['GET /join HT', 'GET /join HTTP/1.1\r\nHost: x\r\n'])
async def test_half_a_request_ends_the_connection(port: Port, begun: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, 'HEADER_SECONDS', 0.1)
    reader, writer = await port.connect()
    writer.write(begun.encode())
    assert await reader.read() == b''
    writer.close()


async def test_half_a_second_request_ends_the_connection(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, 'HEADER_SECONDS', 0.5)
    reader, writer = await port.connect()
    writer.write(f'GET /join HTTP/1.1\r\nHost: {HOST}\r\n\r\nGET /join'.encode())
    assert (await reader.read()).startswith(b'HTTP/1.1 200 OK')
    writer.close()


async def test_half_a_body_ends_the_connection(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, 'BODY_SECONDS', 0.1)
    reader, writer = await port.connect()
    head = f'POST /join HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n'
    writer.write(f'{head}Content-Length: 100\r\n\r\nname=A'.encode())
    with suppress(ConnectionError):
        await reader.read()
    writer.close()


def test_transports_of_other_event_loops_are_closed_too() -> None:
    class Transport:  # uvloop's are no asyncio.WriteTransport by their class
        aborted = False

        def abort(self) -> None:
            self.aborted = True

    connection = connections.Connection('192.168.1.9')
    connection.transport = cast(asyncio.WriteTransport, transport := Transport())
    connection.abort()
    assert transport.aborted
    assert connection.is_over


async def test_one_address_cannot_shut_out_the_others(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, 'MOST_OF_ADDRESS', 3)
    greedy = [await port.connect() for _ in range(3)]
    with pytest.raises((ConnectionError, ssl.SSLError)):
        await port.connect()
    elsewhere = ('127.0.0.2', 0)
    reader, writer = await asyncio.open_connection('127.0.0.1', port.number, local_addr=elsewhere)
    writer.write(f'GET /join HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n'.encode())
    assert (await reader.read()).startswith(b'HTTP/1.1 307 ')
    writer.close()
    for _, writer in greedy:
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()
    assert (await port.ask('GET /join HTTP/1.1')).startswith('HTTP/1.1 200 OK'), 'the limit heals'


async def test_guests_leave_descriptors_to_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, 'raise_descriptor_limit', lambda: 256)  # as on macOS, if it could not be raised
    listener = Listener(House().app, [], ssl.create_default_context())
    guests = [listener._connections.admit(f'192.168.1.{number}') for number in range(250)]
    await listener.start()
    await listener.stop()
    assert len([guest for guest in guests if guest]) == 256 - connections.RESERVE


async def test_a_system_without_descriptors_is_given_a_pause(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    accept, tried = socket.socket.accept, 0

    def exhausted(self: socket.socket) -> tuple[socket.socket, object]:
        nonlocal tried
        tried += 1
        if tried <= 2:
            raise OSError(errno.EMFILE, 'Too many open files')
        return accept(self)

    monkeypatch.setattr(module, 'PAUSE', 0.1)
    monkeypatch.setattr(socket.socket, 'accept', exhausted)
    assert (await port.ask('GET /join HTTP/1.1')).startswith('HTTP/1.1 200 OK')
    assert tried == 3, 'it did not try in a circle'


def test_a_taken_port_is_an_error(unused_tcp_port_factory: Callable[[], int]) -> None:
    number = unused_tcp_port_factory()
    first = listen(None, number)
    with pytest.raises(OSError, match='in use'):
        listen(None, number)
    for listening in first:
        listening.close()
