"""A client's connection to a session of the engine, used from any event loop of the program."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from components.engine.protocol.errors import engine_stopped
from components.engine.protocol.wire import EventFields, to_text

from .event_transport import EventTransport, ServerEvents

T = TypeVar('T')


class ClientConnection:
    """Events and sound between a client and its session, in the same program.

    The web server's WebSockets use it, and so can the program itself (see `Engine.open_session`). Every method but
    `close` raises `RealtimeError` (`engine_stopped`) once the engine has stopped.
    """

    def __init__(self, transport: EventTransport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop

    async def send(self, event: EventFields | str | bytes) -> None:
        """Send a client event, as an object or as JSON. Returns when the session is ready for the next one."""
        message = event if isinstance(event, str | bytes) else to_text(event)
        await run_in_loop(self._transport.receive(message), self._loop)

    async def send_sound(self, pcm: bytes) -> None:
        """Send sound of the microphone: mono s16 at 24 kHz, in pieces of any length.

        It is heard as `input_audio_buffer.append` would be, without the JSON and base64 of that event.
        """
        await run_in_loop(self._transport.hear(pcm), self._loop)

    async def receive(self) -> ServerEvents:
        """Wait for the session's next events."""
        return await run_in_loop(self._transport.outgoing(), self._loop)

    def close(self) -> None:
        """Leave the session. Closing twice does no harm."""
        with suppress(RuntimeError):  # the engine has stopped, and freed everything
            self._loop.call_soon_threadsafe(self._transport.leave)


async def run_in_loop(coroutine: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    """Run a coroutine in another thread's event loop.

    Raises:
        RealtimeError: The engine has stopped (`engine_stopped`), and its loop with it.
    """
    try:
        future = asyncio.run_coroutine_threadsafe(coroutine, loop)
    except RuntimeError as problem:
        coroutine.close()
        raise engine_stopped() from problem
    try:
        return await asyncio.wrap_future(future)
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) and task.cancelling():
            raise
        raise engine_stopped() from None  # the loop has ended, and cancelled what ran in it
