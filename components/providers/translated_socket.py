"""A WebSocket to a service of an older dialect, as one of today."""

from __future__ import annotations

import json
from collections import deque

from .dialect import DialectName, heard, spoken
from .socket import ServiceSocket


def translated(socket: ServiceSocket, dialect: DialectName) -> ServiceSocket:
    """A socket that speaks today's names, whatever the service does; the same one where there is nothing to do."""
    return socket if dialect == 'ga' else TranslatedSocket(socket, dialect)


class TranslatedSocket:
    """Translates on the way. What is no event passes as it is."""

    def __init__(self, socket: ServiceSocket, dialect: DialectName) -> None:
        self._socket = socket
        self._dialect = dialect
        self._heard: deque[str] = deque()  # one message of the service may be several

    async def send(self, text: str) -> None:
        event = _event(text)
        await self._socket.send(text if event is None else _text(spoken(event, self._dialect)))

    async def receive(self) -> str:
        if not self._heard:
            text = await self._socket.receive()
            event = _event(text)
            self._heard.extend([text] if event is None else map(_text, heard(event, self._dialect)))
        return self._heard.popleft()

    async def close(self) -> None:
        await self._socket.close()


def _event(text: str) -> dict[str, object] | None:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _text(event: dict[str, object]) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(',', ':'))
