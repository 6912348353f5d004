"""Decides when somebody begins and ends to speak: the turn detection of the Realtime API."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .ending import Ending
from .voice_activity import FRAME_BYTES, FRAME_MS, VoiceActivity


@dataclass(frozen=True)
class TurnDetection:
    """The `turn_detection` of a session, with the names and defaults of the Realtime API. Times are milliseconds."""

    kind: Literal['server_vad', 'semantic_vad'] = 'server_vad'
    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_duration_ms: int = 500
    eagerness: Literal['auto', 'low', 'medium', 'high'] = 'auto'
    create_response: bool = True
    interrupt_response: bool = True
    idle_timeout_ms: int | None = None

    def patience_ms(self, ending: Ending) -> int:
        """The silence that ends a turn. A semantic turn waits by how finished its words sound, and by its eagerness."""
        return self.silence_duration_ms if self.kind == 'server_vad' else _PATIENCE_MS[self.eagerness][ending]


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody speaks. `pcm` begins `audio_start_ms` into the input: the padding, and what was said so far.

    Voice was heard for `voiced_ms` of it.
    """

    audio_start_ms: int
    pcm: bytes
    voiced_ms: int


@dataclass(frozen=True)
class Speech:
    """More sound of the running utterance, pauses included. Voice was last heard `pause_ms` before its end."""

    pcm: bytes
    pause_ms: int

    @property
    def voiced_ms(self) -> int:
        """How long voice was heard in it."""
        return 0 if self.pause_ms else FRAME_MS


@dataclass(frozen=True)
class SpeechStopped:
    """The utterance is over. `audio_end_ms` includes the silence that ended it, as the Realtime API counts."""

    audio_end_ms: int


class TurnDetector:
    """Cuts one stream of sound (16 kHz, mono, s16) into utterances.

    Speech starts with two frames in a row at `threshold` or above, one of which leaves little doubt, or with five. Two
    doubtful ones would take 8 of 400 coughs for speech, and some music; this takes 1, and nine of ten sentences start
    no more than a frame later (measured with `tests/engine/noises.py`). Speech stops when no frame came within 0.15 of
    the threshold for the patience of the settings. Milliseconds count all sound ever fed. `settings` may be replaced
    at any time, and `ending` set in a pause, until voice is heard again.

    `activity` tells how probably a frame of `FRAME_BYTES` is speech, from 0 to 1.
    """

    def __init__(self, settings: TurnDetection, *, activity: Callable[[bytes], float] | None = None) -> None:
        self.settings = settings
        self.ending = Ending.UNCLEAR
        self.speaking = False
        self.clock_ms = 0
        self._activity = activity or VoiceActivity()
        self._rest = bytearray()  # sound that does not fill a frame yet
        self._before: deque[bytes] = deque()  # the newest frames outside of an utterance
        self._voiced = 0  # frames in a row at the threshold
        self._surest = 0.0  # the probability of the surest of them
        self._voice_ms = 0  # when voice was heard last

    @property
    def suspects(self) -> bool:
        """Whether the last frame may be the first of an utterance."""
        return self._voiced > 0

    @property
    def pause_ms(self) -> int:
        """How long the running utterance has paused."""
        return self.clock_ms - self._voice_ms if self.speaking else 0

    def feed(self, pcm: bytes) -> list[SpeechStarted | SpeechStopped | Speech]:
        """Take the next sound, in pieces of any size, and tell what follows from it."""
        self._rest += pcm
        events: list[SpeechStarted | SpeechStopped | Speech] = []
        while len(self._rest) >= FRAME_BYTES:
            frame = bytes(self._rest[:FRAME_BYTES])
            del self._rest[:FRAME_BYTES]
            self.clock_ms += FRAME_MS
            probability = self._activity(frame)
            decide = self._while_speaking if self.speaking else self._in_silence
            events += decide(frame, probability)
        return events

    def reset(self) -> None:
        """Forget the running utterance and the sound kept for the next one. The clock runs on."""
        self.speaking = False
        self._before.clear()
        self._voiced = 0
        self._surest = 0.0

    def _in_silence(self, frame: bytes, probability: float) -> list[SpeechStarted | SpeechStopped | Speech]:
        self._before.append(frame)
        voiced = probability >= self.settings.threshold
        self._voiced = self._voiced + 1 if voiced else 0
        self._surest = max(self._surest, probability) if voiced else 0.0
        while len(self._before) > self.settings.prefix_padding_ms // FRAME_MS + max(self._voiced, _SURE_FRAMES):
            self._before.popleft()
        sure = self._surest >= 1 - _DOUBT * (1 - self.settings.threshold)
        if self._voiced < (_SURE_FRAMES if sure else _DOUBTFUL_FRAMES):
            return []
        started = SpeechStarted(
            self.clock_ms - len(self._before) * FRAME_MS, b''.join(self._before), self._voiced * FRAME_MS
        )
        self.reset()
        self.speaking = True
        self._notice_voice()
        return [started]

    def _while_speaking(self, frame: bytes, probability: float) -> list[SpeechStarted | SpeechStopped | Speech]:
        if probability >= self.settings.threshold - _HYSTERESIS:
            self._notice_voice()
        if self.pause_ms < self.settings.patience_ms(self.ending):
            return [Speech(frame, self.pause_ms)]
        speech = Speech(frame, self.pause_ms)
        self.reset()
        return [speech, SpeechStopped(self.clock_ms)]

    def _notice_voice(self) -> None:
        self._voice_ms = self.clock_ms
        self.ending = Ending.UNCLEAR


_SURE_FRAMES, _DOUBTFUL_FRAMES = 2, 5  # in a row, to start a turn
_DOUBT = 0.4  # of what the threshold leaves to certainty: 0.8 is sure enough for a threshold of 0.5
_HYSTERESIS = 0.15
_PATIENCE_MS = {
    'low': {Ending.COMPLETE: 1000, Ending.UNCLEAR: 2000, Ending.HANGING: 4000, Ending.OPEN: 8000},
    'medium': {Ending.COMPLETE: 500, Ending.UNCLEAR: 1000, Ending.HANGING: 2000, Ending.OPEN: 4000},
    'high': {Ending.COMPLETE: 300, Ending.UNCLEAR: 600, Ending.HANGING: 1200, Ending.OPEN: 2000},
}  # those of open sentences are the service's
_PATIENCE_MS['auto'] = _PATIENCE_MS['medium']
