"""The gate before every page and socket: whose name was called, and from where."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from components.sharing.visitor import is_named

LOOPBACK_NAMES = frozenset({'localhost', '127.0.0.1', '::1'})

REFUSED = 1008
"""WebSocket close code for what policy forbids (RFC 6455, 7.4.1)."""


class Gate:
    """Refuses requests that a foreign page made a browser send.

    The `Host` must be a name that we know: a foreign site may let its own name lead to this machine (DNS rebinding).
    An `Origin`, which browsers add to WebSockets and to all requests that change something, must be our own.
    """

    def __init__(self, app: ASGIApp, knows: Callable[[str], bool]) -> None:
        """`knows` tells whether a host name or address, without brackets, in small letters, is one of ours."""
        self._app = app
        self._knows = knows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] not in {'http', 'websocket'} or is_named(scope):  # the door has a gate of its own
            await self._app(scope, receive, send)
        elif (name := host_name(scope)) is None or not self._is_ours(name, scope):
            await refuse(
                scope,
                receive,
                send,
                'Parley does not go by this name. Please open it at the address that it shows.',
                status=421,
            )
        elif not origin_fits(scope):
            await refuse(scope, receive, send, 'This request comes from another page.', status=403)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, name: str, scope: Scope) -> bool:
        server = scope.get('server')
        return self._knows(name) or bool(server and name == unmapped(server[0]))


async def refuse(scope: Scope, receive: Receive, send: Send, sentence: str, *, status: int) -> None:
    """Answer that this cannot be: a status for a request, a refused handshake for a WebSocket."""
    if scope['type'] == 'websocket':
        await send({'type': 'websocket.close', 'code': REFUSED})
    else:
        await PlainTextResponse(sentence, status, headers={'Cache-Control': 'no-store'})(scope, receive, send)


def is_loopback(name: str) -> bool:
    return name in LOOPBACK_NAMES


def host_name(scope: Mapping[str, Any]) -> str | None:
    """Return the one name that was called, without port and brackets, in small letters; None where there is none."""
    hosts = headers(scope, b'host')
    if len(hosts) != 1:
        return None
    try:
        return urlsplit(f'//{hosts[0]}').hostname
    except ValueError:
        return None


def origin_fits(scope: Mapping[str, Any]) -> bool:
    """Tell whether what a browser says of where it comes from is this very server.

    Without an `Origin` no browser's page is behind it; a GET answers a foreign page nothing that it could read.
    """
    origins = headers(scope, b'origin')
    harmless = scope['type'] == 'http' and scope['method'] in {'GET', 'HEAD'}
    return harmless or not origins or origins == [own_origin(scope)]


def own_origin(scope: Mapping[str, Any]) -> str:
    """Return the origin that this request was sent to, as browsers write it."""
    scheme = 'https' if scope['scheme'] in {'https', 'wss'} else 'http'
    return f'{scheme}://{"".join(headers(scope, b"host")).lower()}'


def headers(scope: Mapping[str, Any], name: bytes) -> list[str]:
    """Return all values of a header; `name` is in small letters."""
    pairs: Iterable[tuple[bytes, bytes]] = scope['headers']
    return [value.decode('latin-1') for key, value in pairs if key == name]


def unmapped(address: str) -> str:
    """Write an IPv4 address as such, also where it came in by a socket for both kinds."""
    return address.removeprefix('::ffff:') if '.' in address else address
