"""Clients that disconnect before their answer."""

import asyncio

import pytest
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from components.starting.departed_clients import CLIENT_CLOSED_REQUEST, DepartedClients
from tests.parley import Parley


async def polling(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the request first, as Engine.IO does, and knows no other message."""
    if (await receive())['type'] != 'http.request':
        raise KeyError('REQUEST_METHOD')


async def file(scope: Scope, receive: Receive, send: Send) -> None:
    await FileResponse(__file__)(scope, receive, send)


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    raise KeyError('broken')


async def served(app: DepartedClients, method: str) -> list[Message]:
    """Return the messages that the app sends, very slowly, to a client that has left."""
    sent = []

    async def receive() -> Message:
        return {'type': 'http.disconnect'}

    async def send(message: Message) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        sent.append(message)

    await app({'type': 'http', 'method': method, 'headers': [], 'extensions': {}}, receive, send)
    return sent


async def test_a_file_is_sent_to_its_end() -> None:
    sent = await served(DepartedClients(file), 'GET')
    assert [message['type'] for message in sent] == ['http.response.start', 'http.response.body']


@pytest.mark.parametrize('method', ['GET', 'POST'])
async def test_polling_ends_without_an_error(method: str) -> None:
    sent = await served(DepartedClients(polling), method)
    assert sent[0]['status'] == CLIENT_CLOSED_REQUEST


async def test_other_errors_are_raised() -> None:
    with pytest.raises(KeyError, match='broken'):
        await served(DepartedClients(broken), 'GET')


@pytest.mark.asyncio(loop_scope='session')
@pytest.mark.parametrize('path', ['/', '/favicon.ico', '/_nicegui_ws/socket.io/?EIO=4&transport=polling'])
async def test_the_program_prints_no_traceback(parley: Parley, path: str) -> None:
    for method in ('GET', 'POST'):
        for _ in range(10):
            _, writer = await asyncio.open_connection('127.0.0.1', parley.port)
            writer.write(f'{method} {path} HTTP/1.1\r\nHost: localhost:{parley.port}\r\n\r\n'.encode())
            await writer.drain()
            writer.close()
    reader, writer = await asyncio.open_connection('127.0.0.1', parley.port)
    writer.write(f'GET / HTTP/1.1\r\nHost: localhost:{parley.port}\r\nConnection: close\r\n\r\n'.encode())
    assert b'200 OK' in await reader.read()
    writer.close()
    parley.assert_no_traceback()
