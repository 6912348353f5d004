"""HTTP headers that keep other pages from making use of ours."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .gate import own_origin


class SecurityHeaders:
    """Adds security headers to every response; a response that has a policy of its own keeps it.

    HSTS is left out: it would outlive the certificate and affect other programs on this machine.

    Args:
        app: The app behind.
        services: The origins, besides the page's own, to which browsers send offers.
    """

    def __init__(self, app: ASGIApp, services: Iterable[str]) -> None:
        self._app = app
        self._services = tuple(services)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket (ASGI)."""
        if scope['type'] != 'http':
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message['type'] == 'http.response.start':
                answer = MutableHeaders(scope=message)
                for name, value in {**HEADERS, 'Content-Security-Policy': self._policy(scope)}.items():
                    answer.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _policy(self, scope: Scope) -> str:
        sockets = own_origin(scope).replace('http', 'ws', 1)  # some browsers don't count them as 'self'
        return '; '.join([*PAGE_POLICY, ' '.join(["connect-src 'self'", sockets, *self._services])])


HEADERS = {
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Permissions-Policy': (
        'microphone=(self), camera=(self), screen-wake-lock=(self), autoplay=(self), '
        'geolocation=(), payment=(), usb=(), display-capture=()'
    ),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
}

PAGE_POLICY = (
    "default-src 'none'",
    # NiceGUI's page has inline scripts, and Vue compiles templates in the browser
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
