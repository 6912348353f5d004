"""Speech recognition by Moonshine, going on while people still speak."""

from importlib.metadata import version

from .frames import Cancel, Forget, Guess, Guessed, Listen, Message, Resume, Sound, Understand, Understood
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

    def __init__(self, send: Send, *, model: Model, ability: str) -> None:
        self.ability = ability
        self._send = send
        self._model = model
        self._utterances: dict[int, _Utterance] = {}  # by id

    def take(self, request: Message) -> None:
        """Do what is asked."""
        match request:
            case Listen(id, caller):
                self._utterances[id] = _Utterance(caller, self._model)
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
            case Forget(caller):
                self._utterances = {id: each for id, each in self._utterances.items() if each.caller != caller}

    def catch_up(self) -> None:
        """Recognise the utterance again that has grown most, if it has grown enough."""
        due = [each for each in self._utterances.values() if each.is_due]
        if due:
            max(due, key=lambda each: each.transcript.unheard_bytes).transcript.recognise()


class _Utterance:
    """One utterance. What follows a guess is taken for silence and not recognised, unless it goes on."""

    def __init__(self, caller: str, model: Model) -> None:
        self.caller = caller
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
