"""What browsers are told so that no other page can make use of ours."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .gate import own_origin


class SecurityHeaders:
    """Adds them to every answer; an answer that brings its own policy keeps it.

    There is no HSTS: it would not end with a certificate of one's own, and would bar other programs on this machine.
    """

    def __init__(self, app: ASGIApp, services: Iterable[str]) -> None:
        """`services` are the origins, besides the page's own, to which a browser sends its offer."""
        self._app = app
        self._services = tuple(services)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        sockets = own_origin(scope).replace('http', 'ws', 1)  # some browsers do not count them as 'self'
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
    # NiceGUI writes its page as inline scripts, and Vue compiles templates in the browser
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
