"""The gate: refuses requests under a foreign host name, and those that a foreign page sent."""

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

    The `Host` must be one of ours, since a foreign site may point its own name to this machine (DNS rebinding). An
    `Origin`, which browsers add to WebSockets and to all requests that change something, must be ours, too. If
    a browser says that a foreign page asks (`Sec-Fetch-Site`), it gets no answer, except that its links may lead here.

    Args:
        app: The app behind.
        knows: Tells whether a host name or address, in lower case and without brackets, is ours.
    """

    def __init__(self, app: ASGIApp, knows: Callable[[str], bool]) -> None:
        self._app = app
        self._knows = knows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket (ASGI)."""
        if scope['type'] not in {'http', 'websocket'} or is_named(scope):  # the door has a gate of its own
            await self._app(scope, receive, send)
        elif (name := host_name(scope)) is None or not self._is_ours(name, scope):
            await refuse(
                scope,
                receive,
                send,
                "Parley doesn't answer to this name. Open it at the address that it shows.",
                status=421,
            )
        elif not (origin_fits(scope) and site_fits(scope)):
            await refuse(scope, receive, send, 'This request comes from another page.', status=403)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, name: str, scope: Scope) -> bool:
        server = scope.get('server')
        return self._knows(name) or bool(server and name == unmapped(server[0]))


async def refuse(scope: Scope, receive: Receive, send: Send, sentence: str, *, status: int) -> None:
    """Refuse a request with a status, or a WebSocket by its handshake."""
    if scope['type'] == 'websocket':
        await send({'type': 'websocket.close', 'code': REFUSED})
    else:
        await PlainTextResponse(sentence, status, headers={'Cache-Control': 'no-store'})(scope, receive, send)


def is_loopback(name: str) -> bool:
    """Tell whether a host name means this machine's loopback."""
    return name in LOOPBACK_NAMES


def host_name(scope: Mapping[str, Any]) -> str | None:
    """Return the requested host name, in lower case, without port and brackets; None if there isn't exactly one."""
    hosts = headers(scope, b'host')
    if len(hosts) != 1:
        return None
    try:
        return urlsplit(f'//{hosts[0]}').hostname
    except ValueError:
        return None


def origin_fits(scope: Mapping[str, Any]) -> bool:
    """Tell whether a request comes from one of our own pages.

    Without an `Origin`, no page sent it; and a foreign page can't read the answer to a GET.
    """
    origins = headers(scope, b'origin')
    harmless = scope['type'] == 'http' and scope['method'] in {'GET', 'HEAD'}
    return harmless or not origins or origins == [own_origin(scope)]


def site_fits(scope: Mapping[str, Any]) -> bool:
    """Tell whether a request comes from one of our own pages or from nowhere, or is a link that the user followed.

    Without `Sec-Fetch-Site`, the browser is old, or no browser asks (W3C, Fetch Metadata Request Headers).
    """
    if {*headers(scope, b'sec-fetch-site')} <= {'same-origin', 'none'}:
        return True
    followed = headers(scope, b'sec-fetch-mode') == ['navigate'] and headers(scope, b'sec-fetch-dest') == ['document']
    return followed and scope['type'] == 'http' and scope['method'] == 'GET'


def own_origin(scope: Mapping[str, Any]) -> str:
    """Return the origin that a request was sent to, as browsers write it."""
    scheme = 'https' if scope['scheme'] in {'https', 'wss'} else 'http'
    return f'{scheme}://{"".join(headers(scope, b"host")).lower()}'


def headers(scope: Mapping[str, Any], name: bytes) -> list[str]:
    """Return all values of a header; `name` is in lower case."""
    pairs: Iterable[tuple[bytes, bytes]] = scope['headers']
    return [value.decode('latin-1') for key, value in pairs if key == name]


def unmapped(address: str) -> str:
    """Return an IPv4 address without the IPv6 prefix that dual-stack sockets add."""
    return address.removeprefix('::ffff:') if '.' in address else address
