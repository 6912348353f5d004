"""Serving the host's page behind a reverse proxy, such as nginx, under another address and below a path."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from components.sharing.errors import SharingError
from components.sharing.visitor import is_named

from .gate import headers, is_loopback, refuse, unmapped


@dataclass(frozen=True)
class Proxy:
    """A reverse proxy in front of the host's page.

    Attributes:
        scheme: Of the address at which browsers find the page: `http` or `https`.
        netloc: Its host name and, unless it is the usual one, its port.
        prefix: Its path, without a slash at the end; whether the proxy strips it or not.
        trusted: The addresses from which the proxy asks.
    """

    scheme: str
    netloc: str
    prefix: str
    trusted: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def read(cls, given: Namespace) -> Proxy | None:
        """Read the command line. Returns None without `--behind-proxy`. Raises SharingError."""
        if given.behind_proxy is None:
            return None
        try:
            url = urlsplit(given.behind_proxy.strip())
            host, _ = url.hostname, url.port
        except ValueError:
            host = None
        if not host or url.scheme not in ('http', 'https') or url.username or url.query or url.fragment:
            raise SharingError('--behind-proxy must be the address of the page, such as https://talk.example.org/voice')
        if url.scheme == 'http' and not is_loopback(host):
            raise SharingError('Browsers give the microphone to https only: --behind-proxy must begin with https://')
        try:
            trusted = tuple(ip_network(each.strip(), strict=False) for each in given.trusted_proxy.split(','))
        except ValueError as error:
            raise SharingError(f'--trusted-proxy must be addresses, separated by commas: {error}.') from None
        return cls(url.scheme, url.netloc.lower(), url.path.rstrip('/'), trusted)

    @property
    def url(self) -> str:
        """The address of the page."""
        return f'{self.origin}{self.prefix}/'

    @property
    def origin(self) -> str:
        """The origin of the page, as browsers write it."""
        return f'{self.scheme}://{self.netloc}'

    @property
    def name(self) -> str:
        """The host name of the page."""
        return urlsplit(self.origin).hostname or ''

    def trusts(self, address: str) -> bool:
        """Tell whether the proxy asks from an address."""
        try:
            parsed = ip_address(unmapped(address))
        except ValueError:
            return False
        return any(parsed in network for network in self.trusted)


class BehindProxy:
    """Lets requests of the proxy look as the browser sent them. Others than the proxy get no answer.

    Everybody whom the proxy lets through is the host, so the proxy must check who that may be.

    Args:
        app: The app behind.
        proxy: The proxy.
    """

    def __init__(self, app: ASGIApp, proxy: Proxy) -> None:
        self._app = app
        self._proxy = proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket (ASGI)."""
        if scope['type'] not in {'http', 'websocket'} or is_named(scope):
            await self._app(scope, receive, send)
        elif not self._proxy.trusts((scope.get('client') or ('', 0))[0]):
            await refuse(scope, receive, send, f'Open Parley at {self._proxy.url}', status=403)
        else:
            await self._app(self._as_sent(scope), receive, send)

    def _as_sent(self, scope: Scope) -> Scope:
        proxy = self._proxy
        sent = {**scope, 'path': self._without_prefix(scope['path'])}
        if 'raw_path' in scope and scope['raw_path'] is not None:
            sent['raw_path'] = self._without_prefix(scope['raw_path'].decode('latin-1')).encode('latin-1')
        kept = [(name, value) for name, value in scope['headers'] if name not in _OWN]
        host = headers(scope, b'host')
        origins = headers(scope, b'origin')
        if not origins or origins == [proxy.origin]:  # else a browser on this computer comes without the proxy
            host = [proxy.netloc]
            secure, plain = ('https', 'http') if scope['type'] == 'http' else ('wss', 'ws')
            sent['scheme'] = secure if proxy.scheme == 'https' else plain
        own = [(b'host', each.encode('latin-1')) for each in host]
        if proxy.prefix:
            own.append((b'x-forwarded-prefix', proxy.prefix.encode('latin-1', 'replace')))  # for NiceGUI's URLs
        return {**sent, 'headers': [*own, *kept]}

    def _without_prefix(self, path: str) -> str:
        prefix = self._proxy.prefix
        return (path[len(prefix) :] or '/') if prefix and f'{path}/'.startswith(f'{prefix}/') else path


_OWN = {b'host', b'x-forwarded-prefix'}
"""Headers that the middleware sets itself."""
