"""How a session listens: the microphone's sound becomes utterances."""

from collections.abc import Callable
from dataclasses import dataclass, field

from components.engine.protocol.errors import RealtimeError
from components.engine.protocol.wire import new_id
from components.engine.speech.speech_process import HEARING_RATE
from components.engine.stages import Recognition

from .back_channel import is_back_channel
from .ending import Ending, ending
from .hallucinations import without_hallucinations
from .idle_timer import IdleTimer
from .kept_sound import KeptSound
from .turn_detector import Speech, SpeechStarted, SpeechStopped, TurnDetection, TurnDetector


@dataclass(frozen=True)
class Began:
    """The user speaks. `item_id` is the item that this utterance will be."""

    item_id: str
    audio_start_ms: int


@dataclass(frozen=True)
class Paused:
    """The user has said these words and may have finished."""

    words: str


@dataclass(frozen=True)
class Ended:
    """The user has spoken."""

    audio_end_ms: int
    utterance: 'Utterance'


@dataclass(frozen=True)
class Idled:
    """The user has said nothing for too long, to which an empty utterance testifies."""

    audio_start_ms: int
    audio_end_ms: int
    utterance: 'Utterance'


@dataclass
class Utterance:
    """Speech of the user, on its way to words.

    `pcm` is its sound, or the first minute of it. Voice was heard for `voiced_ms`. `streamed` are the words that the
    client has been sent already.
    """

    item_id: str
    hearing: Recognition
    milliseconds: int = 0
    voiced_ms: int = 0
    pcm: bytearray = field(default_factory=bytearray)
    streamed: str = ''
    guessing: bool = False  # whether the words up to the present pause were asked for
    judged: bool = False  # whether these words were known already

    def feed(self, pcm: bytes) -> None:
        """Hear the next sound, and keep it."""
        self.hearing.feed(pcm)
        self.keep(pcm)

    def keep(self, pcm: bytes) -> None:
        """Keep the next sound without recognising it."""
        self.milliseconds += _milliseconds(pcm)
        if self.milliseconds <= _LONGEST_KEPT_MS:
            self.pcm += pcm


class Ears:
    """Listens to one caller: mono s16 at `HEARING_RATE`.

    With turn detection, utterances come by themselves. Without it, the sound is kept until the client commits it (the
    newest minute of it), and recognised from where somebody begins to speak. Milliseconds count all that was ever
    heard.

    `unheard_ms` tells how much of the last answer the user has yet to hear, None while it is not their turn.

    `answering` tells whether the user hears an answer that waits while the ears suspect speech. Semantic turns that
    would interrupt it begin only when it is clear that they are no back-channel ('mm-hm'): by their words, or because
    they last for a second. A back-channel is dropped.
    """

    def __init__(
        self,
        listen: Callable[[], Recognition],
        detection: TurnDetection | None,
        *,
        detector: Callable[[TurnDetection], TurnDetector] = TurnDetector,
        unheard_ms: Callable[[], int | None] = lambda: None,
        answering: Callable[[], bool] = lambda: False,
    ) -> None:
        self._listen = listen
        self._new_detector = detector
        self._detector = detector(detection) if detection else None
        self._detector_began_ms = 0
        self._unheard_ms = unheard_ms
        self._idle_timer = IdleTimer()
        self._answering = answering
        self._utterance: Utterance | None = None
        self._undecided: Began | None = None  # of the utterance, while it may be a back-channel
        self._kept = KeptSound(detector)
        self._heard_bytes = 0

    def configure(self, detection: TurnDetection | None) -> bool:
        """Change how turns are found. Speech that is not over yet is lost when detection begins or ends.

        Returns whether speech was lost of which the client knows.
        """
        begun = self.utterance is not None
        if detection and self._detector:
            self._detector.settings = detection
        elif detection or self._detector:
            self.clear()
            self._detector = self._new_detector(detection) if detection else None
            self._detector_began_ms = self._heard_bytes // _BYTES_PER_MS
            return begun
        return False

    def feed(self, pcm: bytes) -> list[Began | Paused | Ended | Idled]:
        """Take the next sound and tell what follows from it."""
        self._heard_bytes += len(pcm)
        if self._detector is None:
            self._kept.feed(pcm)
            return []
        happened: list[Began | Paused | Ended | Idled | None] = [
            self._decide(self._detector),
            self._judge_ending(self._detector),
        ]
        for event in self._detector.feed(pcm):
            happened += self._notice(event, self._detector)
        return [each for each in [*happened, self._notice_idleness(self._detector)] if each]

    @property
    def utterance(self) -> Utterance | None:
        """The user's running utterance, if turn detection is on and it is no back-channel."""
        return None if self._undecided else self._utterance

    @property
    def suspects(self) -> bool:
        """Whether somebody may just have begun to speak."""
        return self._undecided is not None or (self._detector is not None and self._detector.suspects)

    def commit(self) -> Utterance:
        """End the utterance here, whatever the detection thinks. Raises `RealtimeError` when nothing was heard."""
        utterance, self._utterance, self._undecided = self._utterance, None, None
        if self._detector:
            self._detector.reset()
        elif self._kept.milliseconds >= _SHORTEST_MS:
            kept = self._kept.take()
            utterance = self._new_utterance()
            utterance.voiced_ms = kept.voiced_ms
            utterance.keep(kept.sound)
            utterance.hearing.feed(kept.speech)
        if utterance is None:
            heard = self._kept.milliseconds
            raise RealtimeError(
                f'Error committing input audio buffer: buffer too small. Expected at least {_SHORTEST_MS}ms of audio, '
                f'but buffer only has {heard:.2f}ms of audio.',
                code='input_audio_buffer_commit_empty',
            )
        return utterance

    def clear(self) -> None:
        """Drop what was heard and not committed."""
        self._kept.clear()
        if self._detector:
            self._detector.reset()
        self._drop()

    def _notice(
        self, event: SpeechStarted | SpeechStopped | Speech, detector: TurnDetector
    ) -> list[Began | Paused | Ended | Idled | None]:
        if isinstance(event, SpeechStarted):
            self._utterance = self._new_utterance()
            self._utterance.voiced_ms = event.voiced_ms
            self._utterance.feed(event.pcm)
            self._undecided = Began(self._utterance.item_id, self._detector_began_ms + event.audio_start_ms)
            return [self._decide(detector)]
        if self._utterance is None:
            return []
        if isinstance(event, Speech):
            self._judge_pause(self._utterance, event.pause_ms)
            self._utterance.voiced_ms += event.voiced_ms
            self._utterance.feed(event.pcm)
            return [self._decide(detector)]
        (utterance, self._utterance), (began, self._undecided) = (self._utterance, None), (self._undecided, None)
        return [began, Ended(self._detector_began_ms + event.audio_end_ms, utterance)]

    def _decide(self, detector: TurnDetector) -> Began | None:
        """Begin the turn of the running utterance, drop the utterance, or do nothing until there is more of it."""
        began, utterance = self._undecided, self._utterance
        if began is None or utterance is None:
            return None
        waits = detector.settings.kind == 'semantic_vad' and detector.settings.interrupt_response and self._answering()
        if waits and utterance.voiced_ms < _LONGEST_BACK_CHANNEL_MS:
            words = utterance.hearing.guessed if utterance.guessing else None
            if words is None:
                return None
            if is_back_channel(without_hallucinations(words, utterance.voiced_ms)):
                self._drop()
                detector.reset()
                return None
        self._undecided = None
        return began

    def _drop(self) -> None:
        """Forget the running utterance."""
        if self._utterance:
            self._utterance.hearing.abort()
        self._utterance = self._undecided = None

    def _judge_pause(self, utterance: Utterance, pause_ms: int) -> None:
        """Let the words be found in a pause that may be the end: they are known by then, if it is."""
        if utterance.guessing and pause_ms < _PAUSE_MS:
            utterance.guessing = False
            utterance.hearing.go_on()
        elif not utterance.guessing and pause_ms >= _PAUSE_MS:
            utterance.guessing = True
            utterance.judged = False
            utterance.hearing.guess()

    def _judge_ending(self, detector: TurnDetector) -> Paused | None:
        """Tell the words up to the present pause, and let them decide how long a semantic turn waits for more."""
        utterance = self._utterance
        words = utterance.hearing.guessed if utterance and utterance.guessing else None
        if utterance is None or words is None or utterance.judged:
            return None
        utterance.judged = True
        detector.ending = ending(words)
        said = without_hallucinations(words, utterance.voiced_ms)
        may_end = detector.ending in (Ending.COMPLETE, Ending.UNCLEAR)
        return Paused(said) if said and may_end and not self._undecided else None

    def _notice_idleness(self, detector: TurnDetector) -> Idled | None:
        now_ms = self._heard_bytes // _BYTES_PER_MS
        unheard_ms = None if detector.speaking else self._unheard_ms()
        began_ms = self._idle_timer.feed(now_ms, limit_ms=detector.settings.idle_timeout_ms, unheard_ms=unheard_ms)
        return None if began_ms is None else Idled(began_ms, now_ms, self._new_utterance())

    def _new_utterance(self) -> Utterance:
        return Utterance(new_id('item'), self._listen())


def _milliseconds(pcm: bytes) -> int:
    return len(pcm) // _BYTES_PER_MS


_BYTES_PER_MS = HEARING_RATE * 2 // 1000
_SHORTEST_MS = 100  # as the service has it
_LONGEST_KEPT_MS = 60_000
_PAUSE_MS = 250  # so long a pause may be the end of a sentence; the last pass of the recogniser takes 100 ms
_LONGEST_BACK_CHANNEL_MS = 1000
