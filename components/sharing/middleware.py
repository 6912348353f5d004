"""The front of the house: what stands before NiceGUI's app, for the host and for guests."""

import sys
from collections.abc import Sequence

from nicegui import App, Client, core

from components.sharing.calls.farewell import Farewell
from components.sharing.door.access import OwnPages
from components.sharing.door.gate import Gate, is_loopback, own_origin
from components.sharing.door.security_headers import SecurityHeaders
from components.sharing.host.invitation import poster
from components.sharing.visitor import Visitor, visitor

from .share import Share


def guard(app: App, services: Sequence[str]) -> None:
    """Guard the app on all its listeners, before it starts.

    :param services: the origins that browsers may call besides our own, see `SecurityHeaders`
    """
    app.add_middleware(OwnPages, owner=_owner)
    app.add_middleware(Gate, knows=is_loopback)
    app.add_middleware(SecurityHeaders, services=services)
    core.sio.eio.cors_allowed_origins = lambda origin, environ: origin == own_origin(environ['asgi.scope'])


def let_guests_in(app: App, share: Share, services: Sequence[str]) -> None:
    """Open the door when the app starts, and say so in the terminal; close it when the app ends.

    Call it before you tell the app to end what carries calls: only then the calls of guests can still be hung up.
    """

    app.router.routes.append(Farewell(share.calls).route)

    async def start() -> None:
        await share.start(app, services)
        _print(poster(share))

    async def stop() -> None:  # without the parameter of `share.stop`, which the app would take for its own
        await share.stop()

    app.on_startup(start)
    app.on_shutdown(stop)


def _owner(client_id: str) -> Visitor | None:
    client = Client.instances.get(client_id)
    return visitor(client.request.scope) if client else None


def _print(text: str) -> None:
    encoding = sys.stdout.encoding or 'ascii'
    sys.stdout.write(text.encode(encoding, 'replace').decode(encoding) + '\n')  # some terminals cannot draw the code
    sys.stdout.flush()
