"""Sound that waits for the client to commit it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from components.engine.speech.speech_process import HEARING_RATE

from .turn_detector import Speech, SpeechStarted, TurnDetection, TurnDetector
from .voice_activity import FRAME_BYTES


class KeptSound:
    """The newest minute of sound (mono s16 at `HEARING_RATE`), and the speech that the voice detector finds in it.

    Recognisers write words for silence and noise, so only the speech is for them.
    """

    def __init__(self, detector: Callable[[TurnDetection], TurnDetector]) -> None:
        self._new_detector = detector
        self._detector: TurnDetector | None = None  # most sessions never need it, and it takes time to load
        self._all = _NewestMinute()
        self._speech = _NewestMinute()
        self._voiced_ms = 0

    @property
    def milliseconds(self) -> int:
        """How much is kept."""
        return self._all.milliseconds

    def feed(self, pcm: bytes) -> None:
        """Keep the next sound."""
        self._all.add(pcm)
        if self._detector is None:
            self._detector = self._new_detector(TurnDetection())
        for event in self._detector.feed(pcm):
            if isinstance(event, SpeechStarted | Speech):
                self._speech.add(event.pcm)
                self._voiced_ms += event.voiced_ms

    def take(self) -> 'Kept':
        """Take out what is kept."""
        sound = self._all.joined()
        self.feed(bytes(FRAME_BYTES))  # what does not fill a frame yet is part of the speech as well
        kept = Kept(sound, self._speech.joined(), self._voiced_ms)
        self.clear()
        return kept

    def clear(self) -> None:
        """Drop what is kept."""
        if self._detector:
            self._detector.reset()
        self._all = _NewestMinute()
        self._speech = _NewestMinute()
        self._voiced_ms = 0


@dataclass(frozen=True)
class Kept:
    """All of the `sound`, and the `speech` in it, of which voice was heard for `voiced_ms`."""

    sound: bytes
    speech: bytes
    voiced_ms: int


class _NewestMinute:
    """The newest minute of sound that comes in pieces."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._size = 0

    @property
    def milliseconds(self) -> int:
        return self._size // _BYTES_PER_MS

    def add(self, pcm: bytes) -> None:
        self._pieces.append(pcm)
        self._size += len(pcm)
        while self._size > _MOST_BYTES:
            self._size -= len(self._pieces.popleft())

    def joined(self) -> bytes:
        return b''.join(self._pieces)


_BYTES_PER_MS = HEARING_RATE * 2 // 1000
_MOST_BYTES = 60 * HEARING_RATE * 2
