"""A way from the web server's event loop into the engine's."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from components.engine.protocol.errors import RealtimeError
from components.engine.transport.event_transport import EventTransport, Outgoing

T = TypeVar('T')


class ClientConnection:
    """A socket peer, as another event loop uses it. Waiting raises `RealtimeError` once the engine has stopped."""

    def __init__(self, transport: EventTransport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop

    async def receive(self, message: str | bytes) -> None:
        """Hand over the client's next message. It returns when the engine is ready for another one."""
        await run_in_loop(self._transport.receive(message), self._loop)

    async def outgoing(self) -> Outgoing:
        """Wait for what is to be sent next."""
        return await run_in_loop(self._transport.outgoing(), self._loop)

    def leave(self) -> None:
        """The client has gone."""
        with suppress(RuntimeError):  # the engine has stopped, and freed everything
            self._loop.call_soon_threadsafe(self._transport.leave)


async def run_in_loop(coroutine: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    """Run a coroutine in another thread's event loop. Raises `RealtimeError` (`engine_stopped`) when that has ended."""
    try:
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)
    except RuntimeError as problem:
        coroutine.close()
        raise engine_stopped() from problem
    return await asyncio.wrap_future(future)


def engine_stopped() -> RealtimeError:
    return RealtimeError('The engine does not run.', code='engine_stopped', type='server_error', status=503)
