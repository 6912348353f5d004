"""The second way through: calls over a WebSocket of the page's own origin, for networks that WebRTC cannot pass."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.providers.socket import ServiceSocket

from .frames import to_text
from .relayed_call import BrowserGone, RelayedCall

TICKET_SECONDS = 30.0
"""How long a ticket may wait for its call: a browser uses it at once."""

MOST_TICKETS = 1000
"""Unused tickets that are kept; the oldest goes first."""

HUNG_UP = {1000, 1001}
"""WebSocket close codes of a browser that means it: it said so, or its page was left (RFC 6455, section 7.4.1)."""


class Relay:
    """Lets in whoever has a ticket, and keeps the calls."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` gives monotonic seconds."""
        self.route = WebSocketRoute('/relay/{ticket}', self._serve, name='relay')
        self._now = now
        self._tickets: dict[str, _Admission] = {}
        self._calls: dict[RelayedCall, asyncio.Task[None]] = {}
        self._returns: dict[str, RelayedCall] = {}

    def __len__(self) -> int:
        """The calls that are on."""
        return len(self._calls)

    def admit(self, connect: Callable[[], Awaitable[ServiceSocket]], session: Mapping[str, Any]) -> str:
        """Make a ticket for one call, to be used once and soon.

        :param connect: opens the WebSocket to the service; may raise ProviderError
        :param session: the session object that the call shall have
        """
        ticket = secrets.token_urlsafe(32)
        self._tickets[ticket] = _Admission(connect, session, self._now() + TICKET_SECONDS)
        while len(self._tickets) > MOST_TICKETS:
            del self._tickets[next(iter(self._tickets))]
        return ticket

    async def close(self) -> None:
        """End all calls."""
        for call in self._calls:
            call.end()
        if self._calls:
            await asyncio.wait(self._calls.values())

    async def _serve(self, websocket: WebSocket) -> None:
        if not _is_of_this_origin(websocket):
            return await websocket.close(1008)
        ticket = websocket.path_params['ticket']
        call = self._returns.pop(ticket, None) or self._begin(ticket)
        await websocket.accept()
        if call is None:
            await websocket.send_text(to_text({'type': 'relay.failed', 'code': 'relay_ticket', 'detail': ''}))
            return await websocket.close()
        way_back = secrets.token_urlsafe(32)
        self._returns = {way: kept for way, kept in self._returns.items() if kept is not call}
        self._returns[way_back] = call
        received = websocket.query_params.get('received', '')
        await call.carry(_Browser(websocket), way_back, int(received) if received.isdecimal() else 0)
        return await _close(websocket)

    def _begin(self, ticket: str) -> RelayedCall | None:
        admission = self._tickets.pop(ticket, None)
        if admission is None or admission.expires_at < self._now():
            return None
        call = RelayedCall(admission.connect, admission.session)
        self._calls[call] = asyncio.create_task(call.run())
        self._calls[call].add_done_callback(lambda _: self._forget(call))
        return call

    def _forget(self, call: RelayedCall) -> None:
        del self._calls[call]
        self._returns = {way: kept for way, kept in self._returns.items() if kept is not call}


@dataclass(frozen=True)
class _Admission:
    connect: Callable[[], Awaitable[ServiceSocket]]
    session: Mapping[str, Any]
    expires_at: float  # monotonic seconds


class _Browser:
    """Starlette's WebSocket as a relayed call uses it."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def send(self, message: str | bytes) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # it has gone, and `receive` alone is told whether on purpose
            await (
                self._websocket.send_text(message) if isinstance(message, str) else self._websocket.send_bytes(message)
            )

    async def receive(self) -> str | bytes:
        message = await self._websocket.receive()
        if message['type'] == 'websocket.disconnect':
            raise BrowserGone(hung_up=message.get('code') in HUNG_UP)
        text: str | None = message.get('text')
        return message['bytes'] if text is None else text


def _is_of_this_origin(websocket: WebSocket) -> bool:
    """Whether a page of this very server asks. Browsers always tell; a WebSocket asks no permission across origins."""
    origin = urlsplit(websocket.headers.get('origin', ''))
    return bool(origin.netloc) and origin.netloc == websocket.headers.get('host')


async def _close(websocket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # it may have gone by itself
        await websocket.close()
