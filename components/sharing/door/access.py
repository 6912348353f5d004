"""Every guest stays in a room of their own: what guests may reach behind the door, and what not."""

from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from components.sharing.visitor import Guest, Visitor, visitor

from .gate import refuse

SOCKETS_BELOW = '/_nicegui_ws/'
"""Where NiceGUI serves the sockets of its pages."""


class OwnPages:
    """Lets a visitor's browser connect to those pages only that were made for this visitor."""

    def __init__(self, app: ASGIApp, owner: Callable[[str], Visitor | None]) -> None:
        """`owner` tells for whom the page with a `client_id` was made; None where there is no such page."""
        self._app = app
        self._owner = owner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope['type'] in {'http', 'websocket'} and scope['path'].startswith(SOCKETS_BELOW):
            who = visitor(scope)
            pages = parse_qs(scope['query_string'].decode('latin-1')).get('client_id', [])
            owners = [self._owner(page) for page in pages]
            if any(owner not in {None, who} for owner in owners) or (isinstance(who, Guest) and len(pages) != 1):
                await refuse(scope, receive, send, 'This page belongs to somebody else.', status=403)
                return
        await self._app(scope, receive, send)


class HostsOnly:
    """Lets the host alone reach an app: guests' calls are placed by Python, within this program."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(visitor(scope), Guest):
            await refuse(scope, receive, send, 'This is for the host.', status=403)
        else:
            await self._app(scope, receive, send)
