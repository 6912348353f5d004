"""A witness for tests: Moonshine listens to what Parley says, so that tests can ask for every word."""

from functools import cache

import numpy as np

from components.engine.speech.missing import moonshine_weights
from components.engine.speech.moonshine import Moonshine
from components.engine.speech.resampler import Resampler
from components.engine.speech.wav import HEARING_RATE
from components.engine.spoken_text.spoken_text import SpokenText

from .speech import words


def words_heard(sound: bytes, rate: int) -> list[str]:
    """The words in some sound (mono s16, up to 30 seconds), with numbers spelled out."""
    resampler = Resampler(rate, HEARING_RATE)
    pcm = _SILENCE + resampler.resample(sound) + resampler.finish() + _SILENCE
    model = moonshine()
    return words_of(model.text(model.tokens(np.frombuffer(pcm, '<i2').astype(np.float32) / np.float32(32_768))))


def words_of(text: str) -> list[str]:
    """The words of a text as they are spoken: '$5' and 'five dollars' are the same."""
    return words(spoken(text))


def spoken(text: str) -> str:
    """A text as the voice gets it."""
    cutter = SpokenText(language='en')
    return ' '.join(sentence.spoken for sentence in [*cutter.feed(text), *cutter.flush()])


def edits(first: list[str], second: list[str]) -> int:
    """How many words must be added, removed or replaced to turn one into the other."""
    row = list(range(len(second) + 1))
    for count, word in enumerate(first, 1):
        above, row = row, [count]
        for at, other in enumerate(second):
            row.append(min(above[at] + (word != other), above[at + 1] + 1, row[at] + 1))
    return row[-1]


@cache
def moonshine() -> Moonshine:
    """The recogniser itself, loaded once."""
    weights = moonshine_weights()
    assert weights, 'The weights of Moonshine are not installed.'
    return Moonshine(weights)


_SILENCE = bytes(2 * HEARING_RATE * 3 // 10)
