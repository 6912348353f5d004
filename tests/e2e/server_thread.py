"""A server beside Parley in a test: real HTTP and WebSockets, with an engine behind them."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from components.engine import Engine


class ServerThread:
    """Serves routes at a `port` of this machine, in a thread of its own; the engine starts and stops with it.

    Uvicorn handles signals only in the main thread, where they are pytest's.
    """

    def __init__(self, name: str, routes: Sequence[BaseRoute], engine: Engine, port: int = 0) -> None:
        """`port` is any free one, if none is given."""

        @asynccontextmanager
        async def running(app: Starlette) -> AsyncIterator[None]:
            await engine.start()
            yield
            await engine.stop()

        listening = socket.create_server(('127.0.0.1', port))
        self.port: int = listening.getsockname()[1]
        app = Starlette(routes=routes, lifespan=running)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level='warning', timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name=name)
        self._thread.start()

    async def stop(self) -> None:
        """Close all connections, and wait until the thread is over."""
        self._server.should_exit = True
        await asyncio.to_thread(self._thread.join)
