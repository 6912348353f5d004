"""The transport of clients that send and receive sound in events, as over a WebSocket."""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.wire import EventFields, to_text

from .audio_codec import AudioDecoder
from .event_audio import EventAudioOutput
from .transport import TransportCallbacks


class ServerEvent:
    """An event for a client: as an object, and as JSON.

    Attributes:
        fields: The event. Sound in it is bytes.
    """

    def __init__(self, fields: EventFields) -> None:
        self.fields = fields

    @property
    def sound(self) -> bytes | None:
        """The sound of a `response.output_audio.delta`, in the session's output format; None in other events."""
        delta = self.fields.get('delta')
        return delta if isinstance(delta, bytes) else None

    @cached_property
    def text(self) -> str:
        """The event as JSON, which holds sound in base64."""
        return to_text(self.fields)

    @property
    def size(self) -> int:
        """About how many bytes it takes while it waits."""
        return len(self.text) if self.sound is None else len(self.sound)


@dataclass(frozen=True)
class Close:
    """Why a session has ended: a WebSocket's close code (RFC 6455, section 7.4.1) and reason."""

    code: int
    reason: str


@dataclass(frozen=True)
class ServerEvents:
    """The next events for a client. With `close` nothing comes after them."""

    events: list[ServerEvent]
    close: Close | None


class EventTransport:
    """Keeps events for a client until it takes them, and passes its messages and sound to the session.

    The client lives in another event loop, and comes through a `ClientConnection`. A client that takes nothing while
    events of `most_waiting` bytes wait for it is given up.
    """

    longest_message = 16_000_000  # bytes; the longest sound that may be appended, and its envelope
    longest_event = 16_000_000  # bytes

    def __init__(self, callbacks: TransportCallbacks, *, most_waiting: int = 33_554_432) -> None:
        self.audio_output = EventAudioOutput()
        self._callbacks = callbacks
        self._most_waiting = most_waiting
        self._decoder = AudioDecoder('audio/pcm')
        self._appended = b''
        self._waiting: deque[ServerEvent] = deque()
        self._waiting_length = 0
        self._close: Close | None = None
        self._changed = asyncio.Event()
        self._all_taken = asyncio.Event()
        callbacks.opened()

    async def receive(self, message: str | bytes) -> None:
        """Take the client's next event. Returns when all sound in it was heard."""
        self._callbacks.message(message)
        sound, self._appended = self._appended, b''
        await self._hear(sound)

    async def hear(self, pcm: bytes) -> None:
        """Take sound that comes without an event: mono s16 at 24 kHz, in pieces of any length."""
        self._choose_decoder('audio/pcm')
        await self._hear(pcm[: len(pcm) // 2 * 2])

    async def outgoing(self) -> ServerEvents:
        """Wait for the next events for the client."""
        while not self._waiting and not self._close:
            self._changed.clear()
            await self._changed.wait()
        events: list[ServerEvent] = []
        size = 0
        while self._waiting and size < _BATCH:
            events.append(self._waiting.popleft())
            size += events[-1].size
        self._waiting_length -= size
        if self._waiting or not self._close:
            return ServerEvents(events, None)
        self._all_taken.set()
        return ServerEvents(events, self._close)

    def leave(self) -> None:
        """Take the client's leave: nothing more is kept for it."""
        self._end(_GOODBYE)
        self._waiting.clear()
        self._all_taken.set()
        self._callbacks.gone()

    def append(self, sound: bytes, format: AudioFormat) -> None:
        """Take the sound of the message that is being received.

        Raises:
            RealtimeError: The sound is no whole number of samples.
        """
        if format == 'audio/pcm' and len(sound) % 2:
            reason = "Invalid value for 'audio': Expected whole samples of 16 bits."
            raise RealtimeError(reason, code='invalid_value', param='audio')
        self._choose_decoder(format)
        self._appended = sound

    def send(self, event: EventFields) -> None:
        """Keep an event for the client."""
        if self._close:
            return
        kept = ServerEvent(event)
        if self._waiting and self._waiting_length + kept.size > self._most_waiting:
            self._waiting.clear()
            self._end(_TOO_SLOW)
            self._callbacks.gone()
            return
        self._waiting.append(kept)
        self._waiting_length += kept.size
        self._changed.set()

    async def close(self, *, expired: bool = False) -> None:
        """End the connection, once the client has taken everything."""
        self._end(_EXPIRED if expired else _GOODBYE)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_taken.wait(), _CLOSING_SECONDS)

    def _choose_decoder(self, format: AudioFormat) -> None:
        if self._decoder.format != format:
            self._decoder = AudioDecoder(format)

    async def _hear(self, sound: bytes) -> None:
        for at in range(0, len(sound), _SLICE_BYTES):
            self._callbacks.sound(self._decoder.decode(sound[at : at + _SLICE_BYTES]))
            await asyncio.sleep(0)  # other calls get their turn

    def _end(self, close: Close) -> None:
        self._close = self._close or close
        self._changed.set()


_GOODBYE = Close(1000, '')
_EXPIRED = Close(1001, 'Your session hit the maximum duration of 60 minutes.')  # as OpenAI's API closes
_TOO_SLOW = Close(1008, 'Too many events are waiting for you. Read faster.')
_SLICE_BYTES = 4_800  # 100 ms of PCM; the engine's other calls wait no longer than that takes
_BATCH = 65_536  # bytes
_CLOSING_SECONDS = 1.0
