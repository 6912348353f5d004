"""What was heard, as loose words: a recogniser mishears, so words that sound much the same are taken as the same."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache


@dataclass(frozen=True)
class Heard:
    """A sentence, and its `words` in small letters."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        return [word.lower().replace('’', "'").replace(',', '') for word, _ in self._spans]

    def find(self, phrase: Sequence[str]) -> int | None:
        """Where these words stand one after the other, roughly."""
        for at in range(len(self.words) - len(phrase) + 1 if phrase else 0):
            if all(map(alike, phrase, self.words[at:])):
                return at
        return None

    def spelt(self, start: int, end: int) -> str:
        """The words from `start` to before `end`, as they were written."""
        if start >= end:
            return ''
        return self.text[self._spans[start][1] : self._spans[end - 1][1] + len(self._spans[end - 1][0])]

    @cached_property
    def _spans(self) -> list[tuple[str, int]]:
        return [(found[0], found.start()) for found in re.finditer(_WORD, self.text[:_LONGEST])]


def split_name(name: str) -> list[str]:
    """The words of a name such as `get_weather`, `getWeather` or 'Get weather', in small letters."""
    return [word.lower() for word in re.findall(r'[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+', name[:_LONGEST])]


def has(words: Iterable[str], word: str) -> bool:
    """Whether one of the words may have been heard as this one."""
    return any(alike(word, each) for each in words)


@lru_cache(maxsize=4096)
def alike(one: str, other: str) -> bool:
    """Whether one word may have been heard as the other."""
    one, other = sorted((_stem(one), _stem(other)), key=len)
    if one == other:
        return True
    if len(one) < _LONG_ENOUGH or len(set(one).difference(other)) > (1 - _ALIKE) * len(one):
        return False  # which is soon seen
    return SequenceMatcher(None, one, other).ratio() > _ALIKE


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    for ending in ("'s", 'ing', 'es', 'ed', 's'):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word.removesuffix(ending).rstrip('e')
    return word.rstrip('e') if len(word) > 3 else word


# Dates and times of the day, numbers, and words.
_WORD = r"\d+(?:[-:/]\d+)+\S*|-?\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)*"
_LONGEST = 500  # characters that are looked at
_LONG_ENOUGH = 5  # letters: shorter words are too easily alike
_ALIKE = 0.8
