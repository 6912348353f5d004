"""The door: it admits visitors from the network only with the passcode."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import URL
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.sharing.visitor import Guest, set_visitor

from .gate import headers, refuse
from .guests import Guests

COOKIE = '__Host-parley'
"""Because of this prefix, browsers only take the cookie over TLS and from this host (RFC 6265bis, 4.1.3.2)."""

JOIN_AT = '/join'

REMOVED = 4401
"""WebSocket close code for a guest who has been removed."""


class Door:
    """Stands before the whole app: pages, files, uploads, the engine, and every WebSocket.

    Visitors without a valid cookie only get what `joining` serves at `JOIN_AT` and below: their requests never reach
    `app`, however the path is written.

    Args:
        app: The app behind the door.
        joining: The joining page and its files.
        guests: The guests who are in.
        now: Gives Unix seconds.
    """

    def __init__(self, app: ASGIApp, joining: ASGIApp, guests: Guests, now: Callable[[], float]) -> None:
        self._app = app
        self._joining = joining
        self._guests = guests
        self._now = now
        self._sockets: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        guests.subscribe(self._close_sockets)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket (ASGI)."""
        if scope['type'] not in {'http', 'websocket'}:
            return
        if scope['scheme'] not in {'https', 'wss'}:
            await self._lead_to_tls(scope, receive, send)
        elif scope['type'] == 'http' and _is_joining(scope):
            await self._joining(scope, receive, send)
        elif guest := self._guest(scope):
            set_visitor(scope, guest)
            await self._let_in(guest, scope, receive, send)
        elif scope['type'] == 'http' and scope['method'] == 'GET' and 'text/html' in ''.join(headers(scope, b'accept')):
            await RedirectResponse(join_at(scope['path']), 303, _NOT_KEPT)(scope, receive, send)
        else:
            await refuse(scope, receive, send, 'Open this address in a browser and enter the passcode.', status=401)

    def is_here(self, guest_id: str) -> bool:
        """Tell whether a guest has a page open, since people leave without notice."""
        return guest_id in self._sockets

    def _guest(self, scope: Scope) -> Guest | None:
        token = token_of(scope)
        return self._guests.find(token, self._now()) if token else None

    async def _let_in(self, guest: Guest, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'http':
            await self._app(scope, receive, _with_secure_cookies(send))
        elif not headers(scope, b'origin'):  # browsers always send one, and the gate compares it
            await refuse(scope, receive, send, '', status=403)
        else:
            removed = asyncio.Event()
            self._sockets[guest.id].add(removed)
            try:
                socket = _GuestSocket(receive, send, removed)
                await self._app(scope, socket.receive, socket.send)
            finally:
                self._sockets[guest.id].discard(removed)
                if not self._sockets[guest.id]:
                    del self._sockets[guest.id]

    def _close_sockets(self) -> None:
        welcome = {guest.id for guest in self._guests.all}
        for guest_id, sockets in self._sockets.items():
            if guest_id not in welcome:
                for removed in sockets:
                    removed.set()

    async def _lead_to_tls(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] == 'websocket':
            await refuse(scope, receive, send, '', status=403)
        elif scope['method'] in {'GET', 'HEAD'}:
            await RedirectResponse(URL(scope=scope).replace(scheme='https'), 307, _NOT_KEPT)(scope, receive, send)
        else:  # the posted data has already crossed the network in the clear
            await PlainTextResponse('Use https instead.', 403, _NOT_KEPT)(scope, receive, send)


class _GuestSocket:
    """A guest's WebSocket, closed for the app and the browser when the guest is removed."""

    def __init__(self, receive: Receive, send: Send, removed: asyncio.Event) -> None:
        self._receive = receive
        self._send = send
        self._removed = removed

    async def receive(self) -> Message:
        message = asyncio.ensure_future(self._receive())
        removed = asyncio.ensure_future(self._removed.wait())
        try:
            await asyncio.wait({message, removed}, return_when=asyncio.FIRST_COMPLETED)
            if not self._removed.is_set():
                return await message
            await self._send({'type': 'websocket.close', 'code': REMOVED})
            return {'type': 'websocket.disconnect', 'code': REMOVED}
        finally:
            message.cancel()
            removed.cancel()

    async def send(self, message: Message) -> None:
        if not self._removed.is_set():
            await self._send(message)


def join_at(path: str) -> str:
    """Return the URL of the joining page that leads on to `path`."""
    return JOIN_AT if behind(path) == '/' else f'{JOIN_AT}?to={path}'


def behind(path: str) -> str:
    """Return `path` if it is a page that guests may ask for, or else that of the dashboard."""
    return path if re.fullmatch(r'/audience/[\w-]{1,100}', path, re.ASCII) else '/'


def token_of(scope: Scope) -> str | None:
    """Return the token in a browser's cookie, if any."""
    cookies = SimpleCookie()
    try:
        cookies.load('; '.join(headers(scope, b'cookie')))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _is_joining(scope: Scope) -> bool:
    path: str = scope['path']
    return path == JOIN_AT or path.startswith(f'{JOIN_AT}/')


def _with_secure_cookies(send: Send) -> Send:
    """Mark cookies as secure: NiceGUI leaves that out because the host's page has no TLS."""

    async def secured(message: Message) -> None:
        if message['type'] == 'http.response.start':
            message['headers'] = [
                (
                    name,
                    value + b'; Secure'
                    if name.lower() == b'set-cookie' and b'; secure' not in value.lower()
                    else value,
                )
                for name, value in message['headers']
            ]
        await send(message)

    return secured


_NOT_KEPT = {'Cache-Control': 'no-store'}
