"""Limits the paths and sockets that guests may use behind the door."""

from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from components.sharing.visitor import Guest, Visitor, visitor

from .gate import refuse

SOCKETS_BELOW = '/_nicegui_ws/'
"""The path prefix of the sockets of NiceGUI's pages."""


class OwnPages:
    """Lets a visitor's browser connect only to pages that were made for this visitor.

    Args:
        app: The app behind.
        owner: Returns the visitor for whom the page with a `client_id` was made; None if there is no such page.
    """

    def __init__(self, app: ASGIApp, owner: Callable[[str], Visitor | None]) -> None:
        self._app = app
        self._owner = owner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket (ASGI)."""
        if scope['type'] in {'http', 'websocket'} and scope['path'].startswith(SOCKETS_BELOW):
            who = visitor(scope)
            pages = parse_qs(scope['query_string'].decode('latin-1')).get('client_id', [])
            owners = [self._owner(page) for page in pages]
            if any(owner not in {None, who} for owner in owners) or (isinstance(who, Guest) and len(pages) != 1):
                await refuse(scope, receive, send, 'This page belongs to someone else.', status=403)
                return
        await self._app(scope, receive, send)


class HostsOnly:
    """Keeps guests out of an app. They don't need the engine's, since Python places their calls.

    Args:
        app: The app behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a WebSocket (ASGI)."""
        if isinstance(visitor(scope), Guest):
            await refuse(scope, receive, send, 'Only the host can use this.', status=403)
        else:
            await self._app(scope, receive, send)
