"""Parts of a page that are built once its HTML is on the way, so that the browser can begin with the rest."""

from collections.abc import Callable
from contextvars import copy_context

from nicegui import ui
from starlette.types import ASGIApp, Receive, Scope, Send


class Afterwards:
    """ASGI middleware that builds what pages leave for later, right after their HTML was sent.

    Middleware behind it may hold back parts of a response until then, so it is among the first.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        builds: list[Callable[[], object]] = []
        scope[KEY] = builds
        try:
            await self._app(scope, receive, send)
        finally:  # the page may be there although its response failed
            while builds:
                builds.pop(0)()


KEY = 'parley.afterwards'
"""Where the scope of a request has what is left for later."""


def afterwards(build: Callable[[], object]) -> None:
    """Build a part of the page that is being built after its HTML was sent, and before the browser can connect.

    The part reaches the browser as soon as it is connected. Without the middleware, it is built at once.
    """
    client, context = ui.context.client, copy_context()  # storage looks for the request in the context

    def later() -> None:
        if not client.is_deleted:
            context.run(client.safe_invoke, build)

    builds = client.request.scope.get(KEY)
    later() if builds is None else builds.append(later)
