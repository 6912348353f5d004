"""The open connections of a port: how many there may be, and how long each may take to send a request, or to end."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from contextlib import suppress
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

MOST_CONNECTIONS = 1000
"""Connections of all addresses, if the system allows as many."""

MOST_OF_ADDRESS = 64
"""Connections of one address. A browser opens at most six for its requests, and a socket for each page."""

RESERVE = 96
"""File descriptors that guests can't take: for the host's page, providers, the engine and files."""

MOST_OF_HOST = 256
"""Connections to the host's page, which all come from this computer, or from the proxy in front of it."""

WANTED_DESCRIPTORS = 4096

HEADER_SECONDS = 10.0
"""For the headers of a request, from the connection or the end of the last request."""

BODY_SECONDS = 30.0
"""For the body of a request. Guests send small ones only."""

BODY_SECONDS_OF_HOST = 600.0
"""For the body of a request of the host, who may import conversations over a slow network behind a proxy."""

CLOSING_SECONDS = 10.0
"""For the other side of a WebSocket that has ended to take what waits for it; uvicorn would wait for ever."""


def raise_descriptor_limit() -> int:
    """Let the program open more files if the system allows it. Returns how many it may open then."""
    if sys.platform == 'win32':
        return WANTED_DESCRIPTORS  # it has no such limit
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(WANTED_DESCRIPTORS, hard)
    if 0 <= soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return WANTED_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


class Connection:
    """One connection from an address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.ended = False
        self.transport: asyncio.BaseTransport | None = None  # None until the TLS handshake is over
        self.deadline: asyncio.TimerHandle | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is closed."""
        return self.ended or (self.transport is not None and self.transport.is_closing())

    def expect_request(self) -> None:
        """Close the connection unless a request begins in time."""
        self.request_began()
        self.deadline = asyncio.get_running_loop().call_later(HEADER_SECONDS, self.abort)

    def request_began(self) -> None:
        """Let the connection take the time it needs to answer."""
        if self.deadline:
            self.deadline.cancel()
            self.deadline = None

    def abort(self) -> None:
        """Close the connection at once."""
        self.ended = True
        if self.transport:
            cast(asyncio.WriteTransport, self.transport).abort()  # uvloop's transports are none by their class


class Connections:
    """Counts connections by address, and ends those that take too long to send a request.

    Args:
        most: How many connections there may be.
        most_of_address: How many of them one address may have; `MOST_OF_ADDRESS` by default.
    """

    def __init__(self, most: int, most_of_address: int = 0) -> None:
        self.most = most
        self._most_of_address = most_of_address
        self._open: list[Connection] = []
        self._by_peer: dict[object, Connection] = {}  # by the address and port of the other side

    def admit(self, address: str) -> Connection | None:
        """Return a place for a new connection from an address, or None if there is no room."""
        self._open = [each for each in self._open if not each.is_over]
        counts = Counter(each.address for each in self._open)
        if len(self._open) >= self.most or counts[address] >= (self._most_of_address or MOST_OF_ADDRESS):
            return None
        self._open.append(connection := Connection(address))
        return connection

    def begin(self, connection: Connection, transport: asyncio.BaseTransport) -> None:
        """Wait for the first request of a connection whose handshake is over."""
        self._by_peer = {peer: each for peer, each in self._by_peer.items() if not each.is_over}
        connection.transport = transport
        if peer := transport.get_extra_info('peername'):
            self._by_peer[peer[:2]] = connection
        connection.expect_request()

    def __len__(self) -> int:
        return sum(not each.is_over for each in self._open)

    def of(self, client: object) -> Connection | None:
        """Return the connection of a request, by the address and port of its client."""
        return self._by_peer.get(client)

    @property
    def protocol(self) -> type[asyncio.Protocol]:
        """The protocol by which uvicorn serves connections that it accepts itself, so that they are counted."""
        connections = self

        class CountedProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
            def connection_made(self, transport: asyncio.Transport) -> None:
                super().connection_made(transport)
                peer = transport.get_extra_info('peername')
                if place := connections.admit(peer[0] if peer else ''):
                    connections.begin(place, transport)
                else:
                    transport.abort()

        return CountedProtocol


class Deadlines:
    """Middleware that gives a port's requests and their connections as much time as they may need, and no more.

    It learns from each request that the headers have arrived, and gives the body a deadline.

    Args:
        app: The app behind.
        connections: The connections of the port.
        body_seconds: How long the body of a request may take; `BODY_SECONDS` by default.
    """

    def __init__(self, app: ASGIApp, connections: Connections, body_seconds: float = 0.0) -> None:
        self._app = app
        self._body_seconds = body_seconds
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket (ASGI)."""
        connection = self._connections.of(scope.get('client'))
        if connection:
            connection.request_began()
        if scope['type'] == 'websocket' and connection:
            try:
                await self._app(scope, receive, send)
            finally:
                asyncio.get_running_loop().call_later(CLOSING_SECONDS, connection.abort)
            return
        if scope['type'] != 'http' or not connection:
            await self._app(scope, receive, send)
            return
        try:
            if _has_body(scope):
                await self._serve_body(connection, scope, receive, send)
            else:
                await self._app(scope, receive, send)
        finally:
            connection.expect_request()

    async def _serve_body(self, connection: Connection, scope: Scope, receive: Receive, send: Send) -> None:
        seconds = self._body_seconds or BODY_SECONDS
        late = asyncio.get_running_loop().call_later(seconds, connection.abort)

        async def receive_in_time() -> Message:
            message = await receive()
            if message['type'] == 'http.disconnect' or not message.get('more_body'):
                late.cancel()
            return message

        try:
            await self._app(scope, receive_in_time, send)
        finally:
            late.cancel()


def _has_body(scope: Scope) -> bool:
    sizes = {name: value for name, value in scope['headers'] if name in {b'content-length', b'transfer-encoding'}}
    return bool(sizes) and sizes != {b'content-length': b'0'}
