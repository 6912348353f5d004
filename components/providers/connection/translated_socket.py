"""A WebSocket to a service that speaks an older dialect, used like any other."""

from __future__ import annotations

import json
from collections import deque

from .dialect import DialectName, from_service, to_service
from .socket import ServiceSocket


def translated(socket: ServiceSocket, dialect: DialectName) -> ServiceSocket:
    """Return a socket that speaks today's names; the same one if the service does so already."""
    return socket if dialect == 'ga' else TranslatedSocket(socket, dialect)


class TranslatedSocket:
    """Translates events in both directions; other messages pass unchanged."""

    def __init__(self, socket: ServiceSocket, dialect: DialectName) -> None:
        self._socket = socket
        self._dialect = dialect
        self._received: deque[str] = deque()  # one message of the service may become several

    async def send(self, text: str) -> None:
        """Send a message in the service's dialect. Raises ServiceClosed."""
        event = _event(text)
        await self._socket.send(text if event is None else _text(to_service(event, self._dialect)))

    async def receive(self) -> str:
        """Wait for the next message, in today's names. Raises ServiceClosed."""
        if not self._received:
            text = await self._socket.receive()
            event = _event(text)
            self._received.extend([text] if event is None else map(_text, from_service(event, self._dialect)))
        return self._received.popleft()

    async def close(self) -> None:
        """Close the socket. Closing twice does no harm."""
        await self._socket.close()


def _event(text: str) -> dict[str, object] | None:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _text(event: dict[str, object]) -> str:
    return json.dumps(event, separators=(',', ':'))
