"""The interface between a session and the way to its client, which WebRTC and plain events implement."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from components.engine.protocol.audio_config import AudioFormat
from components.engine.protocol.wire import EventFields


class ResponseAudio(Protocol):
    """The sound of one response on its way to the client. Sound is mono s16 at `SPEECH_RATE`."""

    @property
    def started(self) -> bool:
        """Whether the client is known to play it, or to have played it."""

    @property
    def milliseconds(self) -> int:
        """The length of the sound added so far."""

    @property
    def played_ms(self) -> int:
        """The length of the sound that has been sent in real time."""

    def play(self, pcm: bytes) -> bytes:
        """Add sound. Returns what the client gets as an event: nothing if sound has its own track."""

    def finish(self) -> bytes:
        """End the sound. Returns the last of it, as `play` does."""


class AudioOutput(Protocol):
    """Plays the sound of responses, one after the other."""

    def begin(
        self, *, on_started: Callable[[], None], on_stopped: Callable[[], None], format: AudioFormat = 'audio/pcm'
    ) -> ResponseAudio:
        """Begin a response.

        Args:
            on_started: Called with its first sound.
            on_stopped: Called when all of it has been played.
            format: The format of sound that travels in events.
        """

    def flush(self) -> list[ResponseAudio]:
        """Fall silent. Returns the responses that lost sound, in order; they report nothing more."""

    def hold(self, held: bool) -> None:
        """Pause while `held`, losing nothing."""


class Transport(Protocol):
    """A session's way to its client."""

    @property
    def audio_output(self) -> AudioOutput:
        """Plays the session's responses."""
        ...

    @property
    def longest_message(self) -> int:
        """The longest message that the client may send, in bytes."""

    @property
    def longest_event(self) -> int:
        """The longest event that the client can receive, in bytes."""

    def append(self, sound: bytes, format: AudioFormat) -> None:
        """Take sound that the client sent in an event.

        Raises:
            RealtimeError: Sound has its own track here.
        """

    def send(self, event: EventFields) -> None:
        """Deliver an event, in order, now or when the client can be reached."""

    async def close(self, *, expired: bool = False) -> None:
        """End the connection once everything sent has left. `expired` informs the client that its time is over."""


@dataclass(frozen=True)
class TransportCallbacks:
    """The callbacks of a transport.

    Attributes:
        opened: The client is connected.
        message: The client sent this event, as JSON.
        sound: The client's microphone: mono s16 at `HEARING_RATE`.
        gone: The client has left, or cannot be reached.
    """

    opened: Callable[[], None]
    message: Callable[[str | bytes], None]
    sound: Callable[[bytes], None]
    gone: Callable[[], None]
