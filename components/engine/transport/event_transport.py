"""A client at the other end of a WebSocket, within the engine's event loop."""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.wire import JsonObject, to_text

from .audio_codec import AudioDecoder
from .event_audio import EventAudioOutput
from .transport import TransportCallbacks


@dataclass(frozen=True)
class Farewell:
    """How a WebSocket is closed."""

    code: int
    reason: str


@dataclass(frozen=True)
class Outgoing:
    """The events to be sent next, as JSON. With a `farewell` nothing comes after them."""

    events: list[str]
    farewell: Farewell | None


class EventTransport:
    """The WebSocket transport of a session, or of somebody who watches and steers one.

    The socket itself belongs to the event loop of the web server, which hands every message to `receive` and waits for
    what `outgoing` gives. A client that takes nothing while `most_waiting` characters wait for it is given up.
    """

    longest_message = 16_000_000  # bytes; the longest sound that may be appended, and its envelope
    longest_event = 16_000_000  # bytes

    def __init__(self, callbacks: TransportCallbacks, *, most_waiting: int = 33_554_432) -> None:
        self.audio_output = EventAudioOutput()
        self._callbacks = callbacks
        self._most_waiting = most_waiting
        self._decoder: AudioDecoder | None = None
        self._appended = b''
        self._waiting: deque[str] = deque()
        self._waiting_length = 0
        self._farewell: Farewell | None = None
        self._news = asyncio.Event()
        self._told = asyncio.Event()
        callbacks.opened()

    async def receive(self, message: str | bytes) -> None:
        """Take the client's next message. It returns when all sound in it was heard; other calls get their turns."""
        self._callbacks.message(message)
        sound, self._appended = self._appended, b''
        for at in range(0, len(sound), _SLICE_BYTES):
            assert self._decoder
            self._callbacks.sound(self._decoder.decode(sound[at : at + _SLICE_BYTES]))
            await asyncio.sleep(0)

    async def outgoing(self) -> Outgoing:
        """Wait for what is to be sent next."""
        while not self._waiting and not self._farewell:
            self._news.clear()
            await self._news.wait()
        events: list[str] = []
        size = 0
        while self._waiting and size < _BATCH:
            events.append(self._waiting.popleft())
            size += len(events[-1])
        self._waiting_length -= size
        if self._waiting or not self._farewell:
            return Outgoing(events, None)
        self._told.set()
        return Outgoing(events, self._farewell)

    def leave(self) -> None:
        """The client has gone."""
        self._say(_GOODBYE)
        self._waiting.clear()
        self._told.set()
        self._callbacks.gone()

    def append(self, sound: bytes, format: AudioFormat) -> None:
        if format == 'audio/pcm' and len(sound) % 2:
            reason = "Invalid value for 'audio': Expected whole samples of 16 bits."
            raise RealtimeError(reason, code='invalid_value', param='audio')
        if self._decoder is None or self._decoder.format != format:
            self._decoder = AudioDecoder(format)
        self._appended = sound

    def send(self, event: JsonObject) -> None:
        if self._farewell:
            return
        text = to_text(event)
        if self._waiting and self._waiting_length + len(text) > self._most_waiting:
            self._waiting.clear()
            self._say(_TOO_SLOW)
            self._callbacks.gone()
            return
        self._waiting.append(text)
        self._waiting_length += len(text)
        self._news.set()

    async def close(self, *, expired: bool = False) -> None:
        """End the connection, after what was sent has been taken."""
        self._say(_EXPIRED if expired else _GOODBYE)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._told.wait(), _FAREWELL_SECONDS)

    def _say(self, farewell: Farewell) -> None:
        self._farewell = self._farewell or farewell
        self._news.set()


_GOODBYE = Farewell(1000, '')
_EXPIRED = Farewell(1001, 'Your session hit the maximum duration of 60 minutes.')  # as the service has it
_TOO_SLOW = Farewell(1008, 'Too many events are waiting for you. Read faster.')
_SLICE_BYTES = 4_800  # 100 ms of PCM; the engine's other calls wait no longer than that takes
_BATCH = 65_536  # characters
_FAREWELL_SECONDS = 1.0
