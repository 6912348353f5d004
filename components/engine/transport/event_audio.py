"""The sound of responses in events, which leave as soon as the sound is made: faster than it is played."""

from collections.abc import Callable

from components.engine.protocol.audio_config import AudioFormat
from components.engine.speech.speech_process import SPEECH_RATE
from components.engine.transport.audio_codec import AudioEncoder
from components.engine.transport.transport import ResponseAudio


class EventAudioOutput:
    """Hands all sound to the client as it is made. Only the client knows what it has played."""

    def begin(
        self, *, on_started: Callable[[], None], on_stopped: Callable[[], None], format: AudioFormat = 'audio/pcm'
    ) -> 'EventAudio':
        """Begin a response in this format."""
        return EventAudio(AudioEncoder(format), on_stopped)

    def flush(self) -> list[ResponseAudio]:
        """Do nothing: the client falls silent by itself and truncates what it did not play."""
        return []

    def hold(self, held: bool) -> None:
        """Do nothing: no sound waits here."""


class EventAudio:
    """The sound of one response, on its way into events."""

    started = False
    played_ms = 0

    def __init__(self, encoder: AudioEncoder, on_stopped: Callable[[], None]) -> None:
        self._encoder = encoder
        self._on_stopped = on_stopped
        self._samples = 0
        self._finished = False

    @property
    def milliseconds(self) -> int:
        """The length of the sound added so far."""
        return self._samples * 1000 // SPEECH_RATE

    def play(self, pcm: bytes) -> bytes:
        """Encode the next sound."""
        if self._finished or not pcm:
            return b''
        self._samples += len(pcm) // 2
        return self._encoder.encode(pcm)

    def finish(self) -> bytes:
        """End the response, and return the last of its sound."""
        if self._finished:
            return b''
        self._finished = True
        self._on_stopped()
        return self._encoder.finish()
