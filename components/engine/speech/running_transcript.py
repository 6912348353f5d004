"""The words of one utterance while somebody speaks it."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .wav import HEARING_RATE

Samples = NDArray[np.float32]


class Model(Protocol):
    """A model that hears a piece of speech at one go, such as `Moonshine`."""

    def tokens(self, samples: Samples, draft: Sequence[int] = ()) -> list[int]:
        """The tokens of speech. A `draft`, those of most of the same sound, saves time."""
        ...

    def text(self, tokens: Sequence[int]) -> str:
        """Return the text of the tokens."""
        ...


class RunningTranscript:
    """Recognises a growing utterance again and again: mono s16 at `HEARING_RATE`.

    The cost stays bounded however long the utterance is. After ten seconds, the words up to the quietest moment are
    settled, and only the sound behind it is recognised from then on.

    `words` are those of the last run. `stable` words are those that two runs in a row agreed on, but for
    the newest; they only get more.
    """

    def __init__(self, model: Model) -> None:
        self.words: list[str] = []
        self.stable: list[str] = []
        self._model = model
        self._settled: list[str] = []
        self._unsettled = bytearray()  # the sound behind the settled words
        self._tokens: list[int] = []  # of the last run over the unsettled sound
        self._first_word = ''  # behind the settled words, as it was written when all of the sentence was heard
        self._bytes_done = 0  # of the unsettled sound, in the last run

    @property
    def text(self) -> str:
        """The words of the last run."""
        return ' '.join(self.words)

    @property
    def unheard_bytes(self) -> int:
        """How much sound came since the last run."""
        return len(self._unsettled) - self._bytes_done

    @property
    def is_due(self) -> bool:
        """Whether enough has come since the last run for another one to be worth its time."""
        step = max(_SHORTEST_STEP, len(self._unsettled) * _STEP_SHARE)
        return self.unheard_bytes >= (step if self._tokens or self._settled else _FIRST_STEP)

    def hear(self, pcm: bytes) -> None:
        """Add the next sound."""
        self._unsettled += pcm

    def recognise(self) -> str:
        """Recognise all sound that was heard so far, and return the text."""
        while len(self._unsettled) > _LONGEST_PIECE:
            if self._bytes_done < _LONGEST_PIECE - _LONGEST_STEP:
                self._run(_LONGEST_PIECE)
            self._settle(self._written(self._tokens))
        if self.unheard_bytes:
            self._run(len(self._unsettled))
        before, self.words = self.words, [*self._settled, *self._written(self._tokens)]
        agreed = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, self.words, strict=False))))
        self.stable += self.words[len(self.stable) : max(0, agreed - _UNSTABLE_WORDS)]
        return self.text

    def _run(self, size: int) -> None:
        self._tokens = self._model.tokens(_samples(self._unsettled[:size]), self._tokens)
        self._bytes_done = size

    def _written(self, tokens: Sequence[int]) -> list[str]:
        """The words of tokens that begin behind the settled words."""
        words = self._model.text(tokens).split()
        if words and _plain(words[0]) == _plain(self._first_word):
            words[0] = self._first_word
        return words

    def _settle(self, words: list[str]) -> None:
        """Settle the words of the sound up to a quiet moment, and drop that sound.

        The model would end a sentence at each cut and begin another one behind it. Therefore the words are taken as
        they were written when the sound on both sides was heard, if they are the same words. That they are the same
        also shows that the cut is a good one.
        """
        samples = _samples(self._unsettled[:_LONGEST_PIECE])
        cuts = _quiet_moments(samples)
        heads = []
        for cut in cuts:
            head = self._written(self._model.tokens(samples[:cut], self._tokens))
            same = [_plain(word) for word in head] == [_plain(word) for word in words[: len(head)]]
            if same and len(head) < len(words):
                self._settled += words[: len(head)]
                self._first_word = words[len(head)]
                self._tokens = self._tokens_behind(len(head))
                break
            heads.append(head)
        else:  # the words depend on where the cut is: take the quietest moment
            cut = cuts[0]
            self._settled += heads[0]
            self._first_word = ''
            self._tokens = []
        del self._unsettled[: 2 * cut]
        self._bytes_done = 0

    def _tokens_behind(self, words: int) -> list[int]:
        """The tokens of the last run but for those of its first words."""
        ends = range(1, len(self._tokens) + 1)
        begin = next((end - 1 for end in ends if len(self._model.text(self._tokens[:end]).split()) > words), None)
        return [] if begin is None else self._tokens[begin:]


def _samples(pcm: bytes | bytearray) -> Samples:
    """Sound as numbers from -1 to 1."""
    return np.frombuffer(pcm, '<i2', len(pcm) // 2).astype(np.float32) / np.float32(32_768)


def _quiet_moments(samples: Samples) -> list[int]:
    """Where to cut a long piece: the quietest moments well inside, at some distance from each other."""
    blocks = len(samples) // _BLOCK
    energies = np.square(samples[: blocks * _BLOCK]).reshape(blocks, _BLOCK).sum(axis=1)
    around = np.convolve(energies, np.ones(_BLOCKS_OF_MOMENT), 'same')
    around[:_EARLIEST_CUT] = around[-_LATEST_CUT:] = np.inf
    moments: list[int] = []
    while len(moments) < _CUTS_TRIED:
        quietest = int(around.argmin())
        moments.append(quietest * _BLOCK + _BLOCK // 2)
        around[max(0, quietest - _BLOCKS_APART) : quietest + _BLOCKS_APART] = np.inf
    return moments


def _plain(word: str) -> str:
    """A word without capitals and punctuation, to be compared."""
    return ''.join(filter(str.isalnum, word)).lower()


_SECOND = HEARING_RATE * 2  # bytes
# A run over 5 seconds takes about 60 ms. With these, partial words take at most an eighth of a core per speaker.
_FIRST_STEP = 0.8 * _SECOND  # mostly padding, from which a model that has to hear something hears anything
_SHORTEST_STEP = 0.4 * _SECOND
_STEP_SHARE = 1 / 8
_LONGEST_PIECE = 10 * _SECOND
_LONGEST_STEP = _LONGEST_PIECE * _STEP_SHARE
_UNSTABLE_WORDS = 2
_BLOCK = HEARING_RATE // 50  # samples: 20 ms
_BLOCKS_OF_MOMENT = 8
_BLOCKS_APART = 25
_EARLIEST_CUT, _LATEST_CUT = 200, 40  # blocks from the beginning and from the end
_CUTS_TRIED = 3
