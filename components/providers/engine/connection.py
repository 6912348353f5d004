"""A session with the engine in this program: events travel as objects and sound as bytes, without a WebSocket."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from components.engine.engine import Engine
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.wire import to_text
from components.providers.connection.connection import ServiceEvent
from components.providers.connection.socket import ServiceClosed, ServiceRefused

if TYPE_CHECKING:
    from components.engine.transport.client_connection import ClientConnection


class EngineConnection:
    """An open session with an engine."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._received: deque[ServiceEvent] = deque()
        self._closed: ServiceClosed | None = None

    @classmethod
    async def open(cls, engine: Engine, model: str) -> EngineConnection:
        """Begin a session with this model. Raises ServiceRefused."""
        try:
            return cls(await engine.open_session({'type': 'realtime', 'model': model}))
        except RealtimeError as error:
            raise ServiceRefused(error.status, to_text(error.body()).encode()) from None

    async def send(self, event: str) -> None:
        """Send an event, as JSON. Raises ServiceClosed."""
        self._check_open()
        try:
            await self._connection.send(event)
        except RealtimeError as stopped:
            raise ServiceClosed(reason=str(stopped)) from None

    async def send_sound(self, pcm: bytes) -> None:
        """Send sound of the microphone, mono s16 at 24 kHz. Raises ServiceClosed."""
        self._check_open()
        try:
            await self._connection.send_sound(pcm)
        except RealtimeError as stopped:
            raise ServiceClosed(reason=str(stopped)) from None

    async def receive(self) -> ServiceEvent:
        """Wait for the next event. Raises ServiceClosed after the last one."""
        while not self._received:
            self._check_open()
            try:
                received = await self._connection.receive()
            except RealtimeError as stopped:
                raise ServiceClosed(reason=str(stopped)) from None
            for event in received.events:
                text = event.text if event.sound is None else ''
                self._received.append(ServiceEvent(event.fields, text, event.sound))
            if received.close:
                self._closed = ServiceClosed(received.close.code, received.close.reason)
        return self._received.popleft()

    async def close(self) -> None:
        """End the session. Events that have not been received by now are lost."""
        self._closed = self._closed or ServiceClosed(1000)
        self._received.clear()
        self._connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise self._closed
