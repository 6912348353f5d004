"""Speech recognition by pocketsphinx, going on while people still speak."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Protocol

from .frames import Cancel, Forget, Guess, Guessed, Listen, Message, Resume, Sound, Understand, Understood
from .missing import RECOGNISER
from .stage import Send, StageMissingError


def open_recogniser(send: Send) -> 'Recogniser':
    """The recogniser of this machine. Raises StageMissingError where pocketsphinx is not installed."""
    try:
        from pocketsphinx import Decoder
    except (ImportError, OSError) as error:
        raise StageMissingError(RECOGNISER) from error
    return Recogniser(
        send,
        make_decoder=lambda: Decoder(samprate=16_000, loglevel='FATAL'),
        ability=f'pocketsphinx {version("pocketsphinx")}',
    )


class Recogniser:
    """Understands English in mono s16 at 16 kHz, several utterances at a time.

    A decoder takes 0.3 seconds to make and 91 MB to keep (engine measurements), so there are at most two, the second
    made when first needed; further utterances wait for a free one and lose nothing. What a decoder learns about a
    caller's microphone (the cepstral mean, CMN) is kept for the caller's next utterance: a quarter of the wrong words
    go away (engine measurements: 15.6 % of words wrong without, 11.9 % with it).
    """

    def __init__(self, send: Send, *, make_decoder: 'Callable[[], Decoder]', ability: str) -> None:
        self.ability = ability
        self._send = send
        self._make_decoder = make_decoder
        self._free_decoders = [make_decoder()]
        self._decoders_made = 1
        self._no_adaptation = self._free_decoders[0].get_cmn(False)
        self._adaptations: dict[str, str] = {}  # by caller
        self._utterances: dict[int, _Utterance] = {}  # by id, those who came first first

    def take(self, request: Message) -> None:
        """Do what is asked."""
        match request:
            case Listen(id, caller):
                self._utterances[id] = _Utterance(id, caller)
            case Sound(id, pcm) if utterance := self._utterances.get(id):
                utterance.hear(pcm)
            case Guess(id) if utterance := self._utterances.get(id):
                self._send(Guessed(id, ' '.join(utterance.guess())))
            case Resume(id) if utterance := self._utterances.get(id):
                utterance.go_on()
            case Understand(id) if utterance := self._utterances.get(id):
                utterance.is_over = True
            case Cancel(id) if utterance := self._utterances.get(id):
                self._release(utterance)
            case Forget(caller):
                for utterance in [each for each in self._utterances.values() if each.caller == caller]:
                    self._release(utterance)
                self._adaptations.pop(caller, None)
        self._advance()

    def _advance(self) -> None:
        """Give free decoders to those who wait, and answer those who are over."""
        for utterance in list(self._utterances.values()):
            if not utterance.decoder and (decoder := self._free_decoder()):
                decoder.set_cmn(self._adaptations.get(utterance.caller, self._no_adaptation))
                utterance.begin(decoder)
            if utterance.decoder and utterance.is_over:
                self._release(utterance)
                self._send(Understood(utterance.id, ' '.join(utterance.words)))

    def _free_decoder(self) -> 'Decoder | None':
        if not self._free_decoders and self._decoders_made < _MOST_DECODERS:
            self._decoders_made += 1
            return self._make_decoder()
        return self._free_decoders.pop() if self._free_decoders else None

    def _release(self, utterance: '_Utterance') -> None:
        del self._utterances[utterance.id]
        if utterance.decoder:
            utterance.end()
            self._adaptations[utterance.caller] = utterance.decoder.get_cmn(True)
            self._free_decoders.append(utterance.decoder)


class _Utterance:
    """One utterance on its way through a decoder. Long ones are understood in pieces, to bound time and memory.

    A guess ends the piece, so that the last pass, a good part of the work, is done when the utterance is over. If it
    goes on instead, the piece is heard again from its beginning, which no other word comes of.
    """

    def __init__(self, id: int, caller: str) -> None:
        self.id = id
        self.caller = caller
        self.is_over = False
        self.decoder: Decoder | None = None
        self.words: list[str] = []
        self._unheard = bytearray()  # what came while no decoder was free, or since the guess
        self._piece = bytearray()
        self._adaptation = ''  # of the decoder as the piece began
        self._guess: list[str] | None = None  # the words of a piece that has ended for the time being

    def begin(self, decoder: 'Decoder') -> None:
        self.decoder = decoder
        self._begin_piece()
        self._catch_up()

    def hear(self, pcm: bytes) -> None:
        if not self.decoder or self._guess is not None:
            self._unheard += pcm
            return
        if len(self._piece) >= _PIECE_BYTES:
            self.end()
            self._begin_piece()
        self.decoder.process_raw(pcm)
        self._piece += pcm

    def guess(self) -> list[str]:
        """The words so far. Those of a long piece, which takes too long to hear again, may yet become others."""
        if self.decoder and self._guess is None:
            if len(self._piece) > _LONGEST_GUESSED_BYTES:
                return [*self.words, *_words(self.decoder)]
            self.decoder.end_utt()
            self._guess = _words(self.decoder)
        return [*self.words, *(self._guess or [])]

    def go_on(self) -> None:
        if self.decoder and self._guess is not None:
            self._guess = None
            self._unheard[:0] = self._piece
            self.decoder.set_cmn(self._adaptation)
            self._begin_piece()
            self._catch_up()

    def end(self) -> None:
        assert self.decoder
        if self._guess is None:
            self.decoder.end_utt()
            self._guess = _words(self.decoder)
        self.words += self._guess
        self._guess = None

    def _begin_piece(self) -> None:
        assert self.decoder
        self._piece.clear()
        self._adaptation = self.decoder.get_cmn(False)
        self.decoder.start_utt()

    def _catch_up(self) -> None:
        if self._unheard:
            unheard, self._unheard = bytes(self._unheard), bytearray()
            self.hear(unheard)


def _words(decoder: 'Decoder') -> list[str]:
    hypothesis = decoder.hyp()
    return hypothesis.hypstr.split() if hypothesis else []


class Decoder(Protocol):
    """What is used of a pocketsphinx decoder. `cmn` is its adaptation to a microphone, as numbers in a string."""

    def start_utt(self) -> None: ...
    def process_raw(self, pcm: bytes, /) -> object: ...
    def end_utt(self) -> None: ...
    def hyp(self) -> 'Hypothesis | None': ...
    def get_cmn(self, update: bool, /) -> str: ...
    def set_cmn(self, cmn: str, /) -> object: ...


class Hypothesis(Protocol):
    """What a decoder understood."""

    hypstr: str


_MOST_DECODERS = 2
_PIECE_BYTES = 20 * 32_000  # 20 seconds: their last pass takes half a second, and that grows with the length
_LONGEST_GUESSED_BYTES = 5 * 32_000  # 5 seconds: to hear them again takes one
