"""WebSockets to a service, over the network. Loaded for the first one, since the package websockets takes time."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from components.providers.ticket import SocketAddress

from .socket import ServiceClosed, ServiceRefused, ServiceSocket

LONGEST_MESSAGE = 16_000_000
"""Bytes of the longest message that a service may send."""

CLOSING_SECONDS = 5.0
"""How long a service may take to close a WebSocket."""


async def open_network_socket(address: SocketAddress) -> ServiceSocket:
    """Open a WebSocket, without compression: sound in base64 gains nothing from it.

    Raises:
        ServiceRefused: The service answered with an HTTP error.
        OSError: The service cannot be reached.
    """
    try:
        connection = await connect(
            address.url,
            additional_headers=address.headers,
            compression=None,
            max_size=LONGEST_MESSAGE,
            open_timeout=None,
            proxy=address.proxy,
            logger=_LOG,
        )
    except InvalidStatus as error:
        status, body = error.response.status_code, bytes(error.response.body)
    except WebSocketException as error:
        status, body = 502, str(error).encode()
    else:
        return NetworkSocket(connection)
    raise ServiceRefused(status, body)  # outside of the except: errors may hold the headers


class NetworkSocket:
    """A WebSocket over the network."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    async def send(self, text: str) -> None:
        """Send a message. Raises ServiceClosed."""
        try:
            await self._connection.send(text)
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def receive(self) -> str:
        """Wait for the next message. Raises ServiceClosed."""
        try:
            return await self._connection.recv(decode=True)
        except ConnectionClosed as closed:
            raise _closed(closed) from None

    async def close(self) -> None:
        """Close it, and wait for the service to do so too."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._connection.close(), CLOSING_SECONDS)


class _WithoutKeys(logging.Filter):
    """Keeps keys out of the log, where websockets writes the headers that it sends."""

    def filter(self, record: logging.LogRecord) -> bool:
        args = record.args if isinstance(record.args, tuple) else ()
        if len(args) == 2 and str(args[0]).lower() in _SECRET_HEADERS:
            record.args = (args[0], '…')
        return True


_SECRET_HEADERS = {'authorization', 'api-key', 'proxy-authorization'}
_LOG = logging.getLogger('parley.socket')
_LOG.addFilter(_WithoutKeys())


def _closed(closed: ConnectionClosed) -> ServiceClosed:
    return ServiceClosed(closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else ServiceClosed()
