"""Scripts, styles and fonts that are the same for every visitor."""

from nicegui import __version__
from starlette.middleware.sessions import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SharedAssets:
    """ASGI middleware that makes NiceGUI's assets independent of the session.

    NiceGUI looks at the session of every request, so Starlette answers with `Vary: Cookie`. A browser then loads all
    assets again whenever its cookies change. On localhost, other programs change them as well.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_without_session(message: Message) -> None:
            session = scope.get('session')
            if message['type'] == 'http.response.start' and isinstance(session, Session):
                session.accessed = session.modified = False  # nothing to keep, and nothing that the answer depends on
            await send(message)

        is_asset = scope['type'] == 'http' and scope['path'].startswith(ASSETS)
        await self._app(scope, receive, send_without_session if is_asset else send)


ASSETS = f'/_nicegui/{__version__}/'
