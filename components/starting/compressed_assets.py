"""Scripts and styles, compressed once."""

from nicegui import __version__
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEVEL = 4
"""How thoroughly zlib compresses: 9 takes three times as long to save 5 % more."""

KEPT = tuple(f'/_nicegui/{__version__}/{folder}/' for folder in ('static', 'components', 'libraries', 'joined'))
"""Where files never change while the program runs."""

CONDITIONAL = ('range', 'if-none-match', 'if-modified-since')


class CompressedAssets:
    """ASGI middleware that keeps scripts and styles as they were compressed for the first visitor.

    They are more than a megabyte, and compressing them takes longer than building a page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, compresslevel=LEVEL)
        self._kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if not _is_plain_question(scope):
            await self._app(scope, receive, send)
            return
        path = scope['path']
        if path not in self._kept:
            await self._keep(scope, receive, send)
            return
        for message in self._kept[path]:
            await send(_copy(message))

    async def _keep(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent: list[Message] = []

        async def send_and_keep(message: Message) -> None:
            sent.append(_copy(message))
            await send(message)

        await self._compressing(scope, receive, send_and_keep)
        begin, end = sent[0], sent[-1]
        is_whole = begin.get('status') == 200 and not end.get('more_body')
        if is_whole and 'content-encoding' in Headers(raw=begin['headers']):
            self._kept[scope['path']] = sent


def _is_plain_question(scope: Scope) -> bool:
    if scope['type'] != 'http' or scope['method'] != 'GET' or not scope['path'].startswith(KEPT):
        return False
    headers = Headers(scope=scope)
    return 'gzip' in headers.get('accept-encoding', '') and not any(name in headers for name in CONDITIONAL)


def _copy(message: Message) -> Message:
    """Copy a message, since other middleware adds headers to it."""
    return {**message, 'headers': [*message['headers']]} if 'headers' in message else {**message}
