"""WebSockets to a service: over the network, or to an app within this program."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

import httpx
from starlette.types import ASGIApp, Message
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from .ticket import SocketAddress

LONGEST_MESSAGE = 16_000_000
"""Bytes; a service sends no longer ones."""

CLOSING_SECONDS = 5.0
"""How long a service may take to say goodbye."""


class ServiceSocket(Protocol):
    """An open WebSocket to a service."""

    async def send(self, text: str) -> None:
        """Send a message, when the service has room for it. Raises SocketClosed."""

    async def receive(self) -> str:
        """Wait for the next message. Raises SocketClosed."""

    async def close(self) -> None:
        """Say goodbye. Closing twice does no harm."""


OpenSocket = Callable[[SocketAddress], Awaitable[ServiceSocket]]
"""Opens a WebSocket at an address. Raises SocketRefused, OSError or TimeoutError."""


class SocketClosed(Exception):
    """The other side has closed the WebSocket, or the network has."""

    def __init__(self, code: int = 1006, reason: str = '') -> None:
        super().__init__(f'{code} {reason}'.rstrip())
        self.code = code
        self.reason = reason


class SocketRefused(Exception):
    """The service answered the request for a WebSocket otherwise."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(str(status))
        self.status = status
        self.body = body


async def open_network_socket(address: SocketAddress) -> ServiceSocket:
    """Connect over the network. Sound in base64 gains nothing from compression, so there is none."""
    try:
        connection = await connect(
            address.url,
            additional_headers=address.headers,
            compression=None,
            max_size=LONGEST_MESSAGE,
            open_timeout=None,
        )
    except InvalidStatus as error:
        status, body = error.response.status_code, bytes(error.response.body)
    except InvalidHandshake as error:
        status, body = 502, str(error).encode()
    else:
        return NetworkSocket(connection)
    raise SocketRefused(status, body)  # outside of the except: errors may hold the headers


class NetworkSocket:
    """A WebSocket over the network."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        try:
            await self._connection.send(text)
        except ConnectionClosed as closed:
            raise _told(closed) from None

    async def receive(self) -> str:
        try:
            return await self._connection.recv(decode=True)
        except ConnectionClosed as closed:
            raise _told(closed) from None

    async def close(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._connection.close(), CLOSING_SECONDS)


def app_sockets(app: ASGIApp) -> OpenSocket:
    """Return what opens WebSockets to an app of this program, without any network."""

    async def open_app_socket(address: SocketAddress) -> ServiceSocket:
        socket = AppSocket(app, httpx.URL(address.url), address.headers)
        await socket.open()
        return socket

    return open_app_socket


class AppSocket:
    """A WebSocket to an app of this program, by the ASGI specification."""

    def __init__(self, app: ASGIApp, url: httpx.URL, headers: Mapping[str, str]) -> None:
        scope: dict[str, Any] = {
            'type': 'websocket',
            'asgi': {'version': '3.0', 'spec_version': '2.4'},
            'http_version': '1.1',
            'scheme': url.scheme,
            'path': url.path,
            'raw_path': url.raw_path.partition(b'?')[0],
            'query_string': url.query,
            'root_path': '',
            'headers': [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            'subprotocols': [],
            'client': ('127.0.0.1', 0),
            'server': (url.host, url.port),
            'extensions': {'websocket.http.response': {}},
        }
        self._to_app: asyncio.Queue[Message] = asyncio.Queue(_ROOM)
        self._from_app: asyncio.Queue[Message] = asyncio.Queue(_ROOM)
        self._serving = asyncio.ensure_future(app(scope, self._to_app.get, self._from_app.put))
        self._serving.add_done_callback(_look)

    async def open(self) -> None:
        await self._to_app.put({'type': 'websocket.connect'})
        try:
            message = await self._next()
            if message['type'] == 'websocket.http.response.start':
                body = await self._next()
                raise SocketRefused(message['status'], body.get('body', b''))
            if message['type'] != 'websocket.accept':
                raise SocketRefused(403, b'')
        except SocketClosed:
            raise SocketRefused(500, b'') from None
        except BaseException:
            self._serving.cancel()
            raise

    async def send(self, text: str) -> None:
        if self._serving.done():
            raise SocketClosed
        await self._to_app.put({'type': 'websocket.receive', 'text': text})

    async def receive(self) -> str:
        message = await self._next()
        if message['type'] == 'websocket.close':
            raise SocketClosed(message.get('code') or 1000, message.get('reason') or '')
        text: str = message['text']
        return text

    async def close(self) -> None:
        if self._serving.done():
            return
        while self._to_app.full():
            self._to_app.get_nowait()  # what it has not read by now it need not read
        self._to_app.put_nowait({'type': 'websocket.disconnect', 'code': 1000})
        await asyncio.wait([self._serving], timeout=CLOSING_SECONDS)
        self._serving.cancel()

    async def _next(self) -> Message:
        """The app's next message; what it sent before it ended comes first."""
        if self._from_app.empty() and not self._serving.done():
            message = asyncio.ensure_future(self._from_app.get())
            try:
                await asyncio.wait([message, self._serving], return_when=asyncio.FIRST_COMPLETED)
                if message.done():
                    return message.result()
            finally:
                message.cancel()
        if self._from_app.empty():
            raise SocketClosed
        return self._from_app.get_nowait()


def _told(closed: ConnectionClosed) -> SocketClosed:
    return SocketClosed(closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else SocketClosed()


def _look(serving: asyncio.Future[None]) -> None:
    if not serving.cancelled():
        serving.exception()  # the app logs its own failures; here they are the end of the socket


_ROOM = 64  # messages on their way; who sends more waits
