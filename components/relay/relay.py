"""The second way through: calls over a WebSocket of the page's own origin, for networks that WebRTC cannot pass."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from components.desk.one_time_tickets import BrowserOf, OneTimeTickets, Order, browser_of_cookie
from components.providers.connection.connection import ServiceConnection
from components.providers.error import ProviderError
from components.providers.ticket import Ticket
from components.settings.settings import Settings

from .frames import to_text
from .relayed_call import BrowserGone, RelayedCall

RELAY_URL = '/relay'

HUNG_UP = {1000, 1001}
"""WebSocket close codes of a browser that hung up or left the page (RFC 6455, section 7.4.1)."""


class SessionOpener(Protocol):
    """Opens sessions of a provider, see `Providers`."""

    async def connect(self, settings: Settings, browser: str) -> ServiceConnection:
        """Open a session for one call. Raises ProviderError."""

    def session(self, settings: Settings) -> Mapping[str, Any]:
        """Return the session object for these settings."""


class Relay:
    """Accepts WebSockets that bring a ticket, and keeps their calls.

    Args:
        providers: Opens the sessions.
        now: Gives Unix seconds.
        browser_of: Identifies the browser of a WebSocket.
    """

    def __init__(
        self,
        providers: SessionOpener,
        *,
        now: Callable[[], float] = time.time,
        browser_of: BrowserOf = browser_of_cookie,
    ) -> None:
        self.route = WebSocketRoute(f'{RELAY_URL}/{{ticket}}', self._serve, name='relay')
        self._providers = providers
        self._browser_of = browser_of
        self._tickets = OneTimeTickets(now, browser_of)
        self._calls: dict[RelayedCall, asyncio.Task[None]] = {}
        self._returns: dict[str, RelayedCall] = {}
        self._browsers: dict[RelayedCall, object] = {}

    def __len__(self) -> int:
        """The calls that are on."""
        return len(self._calls)

    def ticket(self, order: Order) -> Ticket:
        """Issue a ticket for one call, to be redeemed by a WebSocket at `{url}/{token}`."""
        return self._tickets.issue(RELAY_URL, order)

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
        await websocket.accept()
        try:
            call = self._back(websocket, ticket) or self._begin(websocket, ticket)
        except ProviderError as error:
            await websocket.send_text(to_text({'type': 'relay.failed', 'code': error.code, 'detail': error.detail}))
            return await websocket.close()
        way_back = secrets.token_urlsafe(32)
        self._returns = {way: kept for way, kept in self._returns.items() if kept is not call}
        self._returns[way_back] = call
        received = websocket.query_params.get('received', '')
        await call.carry(_Browser(websocket), way_back, int(received) if received.isdecimal() else 0)
        return await _close(websocket)

    def _back(self, websocket: WebSocket, ticket: str) -> RelayedCall | None:
        call = self._returns.get(ticket)
        if call is None or self._browsers[call] != self._browser_of(websocket):
            return None
        return self._returns.pop(ticket)

    def _begin(self, websocket: WebSocket, ticket: str) -> RelayedCall:
        order = self._tickets.redeem(ticket, websocket)
        call = RelayedCall(
            lambda: self._providers.connect(order.settings, order.browser),
            self._providers.session(order.settings),
            order.last_sign.note,
        )

        async def hang_up() -> None:
            call.end()

        order.on_begun(hang_up)
        self._browsers[call] = order.browser
        self._calls[call] = asyncio.create_task(call.run())
        self._calls[call].add_done_callback(lambda _: self._forget(call))
        return call

    def _forget(self, call: RelayedCall) -> None:
        del self._calls[call], self._browsers[call]
        self._returns = {way: kept for way, kept in self._returns.items() if kept is not call}


class _Browser:
    """Starlette's WebSocket as a relayed call uses it."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def send(self, message: str | bytes) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # disconnected; only `receive` learns whether on purpose
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
    """Whether the request has our own origin. Browsers always send it, and CORS does not protect WebSockets."""
    origin = urlsplit(websocket.headers.get('origin', ''))
    return bool(origin.netloc) and origin.netloc == websocket.headers.get('host')


async def _close(websocket: WebSocket) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):  # it may have gone by itself
        await websocket.close()
