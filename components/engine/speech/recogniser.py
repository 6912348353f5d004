"""Speech recognition by Moonshine, going on while people still speak."""

from importlib.metadata import version

from .frames import Cancel, Guess, Guessed, Listen, Message, Partial, Resume, Sound, Understand, Understood
from .missing import RECOGNISER, moonshine_weights
from .moonshine import Moonshine
from .running_transcript import Model, RunningTranscript
from .stage import Send, StageMissingError


def open_recogniser(send: Send) -> 'Recogniser':
    """The recogniser of this machine. Raises StageMissingError where the weights of its model are missing."""
    weights = moonshine_weights()
    if weights is None:
        raise StageMissingError(RECOGNISER)
    return Recogniser(
        send, model=Moonshine(weights), ability=f'Moonshine tiny-en (onnxruntime {version("onnxruntime")})'
    )


class Recogniser:
    """Understands English in mono s16 at 16 kHz, any number of utterances at a time.

    Utterances are recognised while they grow, as far as there is time, so that the last run has little left to do.
    """

    problem = ''

    def __init__(self, send: Send, *, model: Model, ability: str) -> None:
        self.ability = ability
        self._send = send
        self._model = model
        self._utterances: dict[int, _Utterance] = {}  # by id

    def take(self, request: Message) -> None:
        """Do what is asked."""
        match request:
            case Listen(id):
                self._utterances[id] = _Utterance(self._model)
            case Sound(id, pcm) if utterance := self._utterances.get(id):
                utterance.hear(pcm)
            case Guess(id) if utterance := self._utterances.get(id):
                self._send(Guessed(id, utterance.guess()))
            case Resume(id) if utterance := self._utterances.get(id):
                utterance.go_on()
            case Understand(id) if utterance := self._utterances.pop(id, None):
                self._send(Understood(id, utterance.guess()))
            case Cancel(id):
                self._utterances.pop(id, None)

    def catch_up(self) -> None:
        """Recognise the utterance again that has grown most, if it has grown enough, and report its stable words."""
        due = [(id, each) for id, each in self._utterances.items() if each.is_due]
        if not due:
            return
        id, utterance = max(due, key=lambda each: each[1].transcript.unheard_bytes)
        before = len(utterance.transcript.stable)
        utterance.transcript.recognise()
        if len(utterance.transcript.stable) > before:
            self._send(Partial(id, ' '.join(utterance.transcript.stable)))


class _Utterance:
    """One utterance. What follows a guess is taken for silence and not recognised, unless it goes on."""

    def __init__(self, model: Model) -> None:
        self.transcript = RunningTranscript(model)
        self._pause: bytearray | None = None  # the sound since the guess

    @property
    def is_due(self) -> bool:
        return self._pause is None and self.transcript.is_due

    def hear(self, pcm: bytes) -> None:
        if self._pause is None:
            self.transcript.hear(pcm)
        else:
            self._pause += pcm

    def guess(self) -> str:
        if self._pause is None:
            self._pause = bytearray()
            self.transcript.recognise()
        return self.transcript.text

    def go_on(self) -> None:
        if self._pause is not None:
            self.transcript.hear(bytes(self._pause))
            self._pause = None
