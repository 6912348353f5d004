"""The words that were heard. A recogniser mishears, so words that sound much the same count as the same."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache


def split_text(text: str) -> list[str]:
    """Return the words and numbers of a sentence, in small letters."""
    found = re.findall(_WORD, text[:_LONGEST].lower().replace('’', "'"))
    return [word.replace(',', '') for word in found]


def split_name(name: str) -> list[str]:
    """Return the words of a name such as `get_weather`, `getWeather` or 'Get weather', in small letters."""
    return [word.lower() for word in re.findall(r'[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+', name[:_LONGEST])]


def contains(words: Sequence[str], phrase: Sequence[str]) -> bool:
    """Tell whether the words of a phrase stand one after the other in a sentence, roughly."""
    places = range(len(words) - len(phrase) + 1 if phrase else 0)
    return any(all(map(alike, phrase, words[at:])) for at in places)


def has(words: Iterable[str], word: str) -> bool:
    """Tell whether one of the words may have been heard as this one."""
    return any(alike(word, each) for each in words)


@lru_cache(maxsize=4096)
def alike(one: str, other: str) -> bool:
    """Tell whether one word may have been heard as the other."""
    one, other = stem(one), stem(other)
    if one == other:
        return True
    comparison = SequenceMatcher(None, one, other)
    return min(len(one), len(other)) >= _LONG_ENOUGH and comparison.quick_ratio() > _ALIKE < comparison.ratio()


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return the word without the usual endings of English."""
    for ending in ("'s", 'ing', 'es', 'ed', 's'):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word.removesuffix(ending).rstrip('e')
    return word.rstrip('e') if len(word) > 3 else word


_WORD = r"-?\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*"
_LONGEST = 500  # characters that are looked at
_LONG_ENOUGH = 5  # letters: shorter words are too easily alike
_ALIKE = 0.8
