"""Words as the index of the search has them: without case and accents, and Chinese and Japanese in pairs of characters.

Neither SQLite nor PostgreSQL divides scripts without spaces into words. Pairs find every word of two characters or
more; single characters are indexed as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

LONGEST_WORD = 60
"""Characters. The rest of a longer word, such as a base64 text, is not indexed."""
MOST_CHARACTERS = 200_000
"""Characters of all words of a turn together: PostgreSQL takes a megabyte. Words behind them are not indexed."""

SPACELESS = (
    r'\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff'  # Thai, Lao, Myanmar, Khmer
    r'\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff'  # Japanese, Chinese
)
_RUN = re.compile(rf'[{SPACELESS}]+|[^\W_{SPACELESS}]+')
_SPACELESS = re.compile(f'[{SPACELESS}]')


def index_words(text: str) -> list[str]:
    """Return the words to index of a text, each once."""
    words: dict[str, None] = {}
    room = MOST_CHARACTERS
    for piece in (piece for run in _RUN.findall(normal(text)) for piece in _pieces(run)):
        if piece not in words:
            room -= len(piece)
            if room < 0:
                break
            words[piece] = None
    return list(words)


def query_words(query: str) -> list[str]:
    """Return the words that a turn must have; the last one may be the beginning of a word, see `is_prefix`."""
    words: list[str] = []
    for run in _RUN.findall(normal(query)):
        if _is_spaceless(run):
            words += [one + other for one, other in pairwise(run)] or [run]
        else:
            words.append(run[:LONGEST_WORD])
    return list(dict.fromkeys(words))


def is_prefix(word: str) -> bool:
    """Tell whether words that only begin with this one are found as well."""
    return not _is_spaceless(word)


def marks(text: str, query: str) -> list[tuple[int, int]]:
    """Return the places in a text that a query found, in order, as ranges of characters."""
    plain, places = _normal_with_places(text)
    wanted = [run for run in _RUN.findall(normal(query)) if run]
    found: list[tuple[int, int]] = []
    for run in wanted:
        pattern = re.escape(run) if _is_spaceless(run) else rf'(?<!\w){re.escape(run)}\w*'
        found += [(places[m.start()], places[m.end() - 1] + 1) for m in re.finditer(pattern, plain) if m.group()]
    return _merged(sorted(found))


def normal(text: str) -> str:
    """Return a text without case, accents and widths of characters."""
    return ''.join(map(_normal, text))


@lru_cache(10_000)
def _normal(character: str) -> str:
    decomposed = unicodedata.normalize('NFKD', character.casefold())
    return ''.join(c for c in decomposed if not unicodedata.category(c).startswith('M') or _is_spaceless(c))


def _normal_with_places(text: str) -> tuple[str, list[int]]:
    parts = [_normal(character) for character in text]
    return ''.join(parts), [place for place, part in enumerate(parts) for _ in part]


def _pieces(run: str) -> Iterator[str]:
    if _is_spaceless(run):
        yield from run
        yield from (one + other for one, other in pairwise(run))
    else:
        yield run[:LONGEST_WORD]


def _is_spaceless(text: str) -> bool:
    return _SPACELESS.match(text) is not None


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
