"""The second way through: calls over a WebSocket of the page's own origin, for networks that WebRTC cannot pass."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.providers.socket import ServiceSocket
from components.providers.ticket import ProviderError

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

    def __init__(
        self, now: Callable[[], float], browser_of: Callable[[HTTPConnection], object] = lambda connection: None
    ) -> None:
        """
        :param now: monotonic seconds
        :param browser_of: tells the browser of a connection: to others, its tickets are of no use
        """
        self.route = WebSocketRoute('/relay/{ticket}', self._serve, name='relay')
        self._now = now
        self._browser_of = browser_of
        self._tickets: dict[str, _Admission] = {}
        self._calls: dict[RelayedCall, asyncio.Task[None]] = {}
        self._returns: dict[str, RelayedCall] = {}
        self._browsers: dict[RelayedCall, object] = {}

    def __len__(self) -> int:
        """The calls that are on."""
        return len(self._calls)

    def admit(
        self,
        connect: Callable[[], Awaitable[ServiceSocket]],
        session: Mapping[str, Any],
        browser: object = None,
        on_begun: Callable[[RelayedCall], None] = lambda call: None,
    ) -> str:
        """Make a ticket for one call, to be used once and soon.

        :param connect: opens the WebSocket to the service; may raise ProviderError
        :param session: the session object that the call shall have
        :param browser: the one that may use it, see `browser_of`
        :param on_begun: told of the call when it begins; may refuse it by a ProviderError
        """
        ticket = secrets.token_urlsafe(32)
        self._tickets[ticket] = _Admission(connect, session, browser, on_begun, self._now() + TICKET_SECONDS)
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
        ticket, browser = websocket.path_params['ticket'], self._browser_of(websocket)
        await websocket.accept()
        try:
            call = self._back(ticket, browser) or self._begin(ticket, browser)
        except ProviderError as error:
            await websocket.send_text(to_text({'type': 'relay.failed', 'code': error.code, 'detail': error.detail}))
            return await websocket.close()
        way_back = secrets.token_urlsafe(32)
        self._returns = {way: kept for way, kept in self._returns.items() if kept is not call}
        self._returns[way_back] = call
        received = websocket.query_params.get('received', '')
        await call.carry(_Browser(websocket), way_back, int(received) if received.isdecimal() else 0)
        return await _close(websocket)

    def _back(self, ticket: str, browser: object) -> RelayedCall | None:
        call = self._returns.get(ticket)
        if call is None or self._browsers[call] != browser:
            return None
        return self._returns.pop(ticket)

    def _begin(self, ticket: str, browser: object) -> RelayedCall:
        admission = self._tickets.get(ticket)
        if admission is None or admission.browser != browser:  # which the one it was made for may still use
            raise ProviderError('relay_ticket')
        del self._tickets[ticket]
        if admission.expires_at < self._now():
            raise ProviderError('relay_ticket')
        call = RelayedCall(admission.connect, admission.session)
        admission.on_begun(call)
        self._browsers[call] = browser
        self._calls[call] = asyncio.create_task(call.run())
        self._calls[call].add_done_callback(lambda _: self._forget(call))
        return call

    def _forget(self, call: RelayedCall) -> None:
        del self._calls[call], self._browsers[call]
        self._returns = {way: kept for way, kept in self._returns.items() if kept is not call}


@dataclass(frozen=True)
class _Admission:
    connect: Callable[[], Awaitable[ServiceSocket]]
    session: Mapping[str, Any]
    browser: object
    on_begun: Callable[[RelayedCall], None]
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
