"""How much of an interrupted answer was heard. The service reports milliseconds of sound, but no words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

DEFAULT_MS = 65.0  # of one letter: about 150 words a minute, as speech synthesis in English has it by default
IDEOGRAPH = 3.5  # letters that a full-width character takes as long as: it is a syllable or more
DIGIT = 5.0  # letters that a digit takes as long as: voices say numbers in words
ENOUGH = 40.0  # letters; a shorter answer is mostly the pauses around it


@dataclass(frozen=True)
class Pace:
    """How fast the voice speaks, measured where an answer was played from its start to its end."""

    letters: float = 0.0
    ms: float = 0.0

    @property
    def ms_per_letter(self) -> float:
        """Milliseconds of one letter."""
        return self.ms / self.letters if self.letters else DEFAULT_MS

    def ms_of(self, text: str) -> float:
        """Estimate how long the voice takes to say a text, in milliseconds."""
        return _letters(text) * self.ms_per_letter

    def measured(self, text: str, ms: float) -> 'Pace':
        """Return the pace with one more answer, unless that is too short or its time is not credible."""
        letters = _letters(text)
        if letters < ENOUGH or not DEFAULT_MS / 4 < ms / letters < DEFAULT_MS * 4:
            return self
        return Pace(self.letters + letters, self.ms + ms)


def heard(text: str, audio_end_ms: int, pace: Pace) -> int:
    """Return how many characters were heard, up to the end of a word, if the sound ended after this time."""
    letters = audio_end_ms / pace.ms_per_letter
    end = 0
    for at, (character, length) in enumerate(zip(text, _lengths(text), strict=True), start=1):
        letters -= length
        if letters < 0:
            break
        ends_word = _is_ideograph(character) or not text[at : at + 1].strip()
        if ends_word and not character.isspace():
            end = at
    return end


def _letters(text: str) -> float:
    """The length of a text in letters of an alphabet."""
    return sum(_lengths(text))


def _lengths(text: str) -> Iterable[float]:
    """Return the length of each character in letters. Code blocks are not spoken."""
    lengths = [*map(_length, text)]
    for start, end in (found.span() for found in _CODE_BLOCK.finditer(text)):
        lengths[start:end] = [0.0] * (end - start)
    return lengths


@lru_cache(10_000)
def _length(character: str) -> float:
    """Return the length of a character in letters. Markdown's marks and emoji are not spoken."""
    if character in _MARKS or unicodedata.category(character) == 'So':
        return 0.0
    if character in '0123456789':
        return DIGIT
    return IDEOGRAPH if _is_ideograph(character) else 1.0


def _is_ideograph(character: str) -> bool:
    """Whether it belongs to a script without spaces, where each character takes as long as a syllable."""
    return unicodedata.east_asian_width(character) in 'WF'


_MARKS = '*_#`~|'
_CODE_BLOCK = re.compile(r'^[ \t>]*(`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*\1[^\n]*$|\Z)', re.MULTILINE | re.DOTALL)
