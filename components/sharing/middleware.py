"""The middleware in front of NiceGUI's app, and the door that opens and closes with it."""

import logging
import sys
from collections.abc import Sequence

from nicegui import App, Client, core

from components.sharing.calls.page_closed import PageClosed
from components.sharing.door.access import OwnPages
from components.sharing.door.behind_proxy import BehindProxy, Proxy
from components.sharing.door.gate import Gate, is_loopback, own_origin
from components.sharing.door.security_headers import SecurityHeaders
from components.sharing.host.invitation import poster
from components.sharing.visitor import Guest, Visitor, visitor

from .sharing import Sharing


def guard(app: App, services: Sequence[str], proxy: Proxy | None = None) -> None:
    """Add the checks that every request passes. Call this before the app starts.

    Args:
        app: NiceGUI's app.
        services: The origins, besides our own, that browsers may call; see `SecurityHeaders`.
        proxy: The reverse proxy in front of the host's page, if any.
    """
    app.add_middleware(OwnPages, owner=_owner)
    app.add_middleware(Gate, knows=lambda name: is_loopback(name) or bool(proxy and name == proxy.name))
    app.add_middleware(SecurityHeaders, services=services)
    if proxy:
        app.add_middleware(BehindProxy, proxy=proxy)
    core.sio.on('log', _log)
    core.sio.eio.cors_allowed_origins = lambda origin, environ: origin == own_origin(environ['asgi.scope'])


def serve_guests(app: App, sharing: Sharing, *, at_once: bool) -> None:
    """Let sharing begin when the app starts, or later; end it when the app ends.

    Call this before you register the shutdown of services that carry calls, so that guests' calls can still be hung up.

    Args:
        app: NiceGUI's app.
        sharing: Switches sharing on and off.
        at_once: Whether to begin when the app starts, and to print the invitation then.
    """
    app.router.routes.append(PageClosed(lambda: sharing.share.calls if sharing.share else None).route)

    async def start() -> None:
        _print(poster(await sharing.start()))

    async def stop() -> None:  # the app would fill in the parameter of `sharing.stop`
        await sharing.stop()

    if at_once:
        app.on_startup(start)
    app.on_shutdown(stop)


def _log(sid: str, message: object) -> None:
    """Write what a page of the host logs as one line of bounded length; guests don't write into the host's terminal."""
    environ = core.sio.get_environ(sid)
    if environ and isinstance(message, dict) and not isinstance(visitor(environ['asgi.scope']), Guest):
        text = str(message.get('message'))[:LONGEST_LOG]
        level = logging.getLevelNamesMapping().get(str(message.get('level')).upper(), logging.INFO)
        logger.log(level, '%s', ''.join(each if each.isprintable() else ' ' for each in text))


LONGEST_LOG = 1000
"""Characters of a message that a page logs."""

logger = logging.getLogger('parley.page')


def _owner(client_id: str) -> Visitor | None:
    client = Client.instances.get(client_id)
    return visitor(client.request.scope) if client else None


def _print(text: str) -> None:
    encoding = sys.stdout.encoding or 'ascii'
    sys.stdout.write(text.encode(encoding, 'replace').decode(encoding) + '\n')  # some terminals can't draw the QR code
    sys.stdout.flush()
