"""Cuts a text into phrases, which are synthesised one by one."""

import re
import unicodedata
from collections.abc import Iterator

LONGEST_PHRASE = 160  # characters: about 10 seconds of speech, for which hibari takes 0.1 to 0.3 seconds


def phrases(text: str, *, longest: int = LONGEST_PHRASE, early: bool = False) -> Iterator[str]:
    """Yield the text in phrases of at most `longest` characters, without control characters.

    Phrases end behind a sentence if possible, else behind a clause or a word. With `early`, the first clause of a long
    text is a phrase of its own, so that its sound is there early.

    Control characters are left out because espeak-ng takes some of them as commands.
    """
    rest = ' '.join(''.join(' ' if unicodedata.category(char)[0] in 'CZ' else char for char in text).split())
    end = _first_clause(rest) if early else 0
    while rest:
        end = end or (len(rest) if len(rest) <= longest else _cut(rest[:longest]))
        yield rest[:end].rstrip()
        rest, end = rest[end:].lstrip(), 0


def _first_clause(text: str) -> int:
    """Where the first clause ends; 0 if cutting there gains too little."""
    if len(text) < _LONG_TEXT:
        return 0
    ends = (match.end() for match in _CLAUSE_END.finditer(text, _SHORTEST_CLAUSE, _LONG_TEXT))
    return next((end for end in ends if len(text) - end >= _SHORTEST_CLAUSE), 0)


def _cut(text: str) -> int:
    """Where to cut: behind the last sentence, else behind the last clause or word, else at the end."""
    for mark in (_SENTENCE_END, _CLAUSE_END, _SPACE):
        if ends := [match.end() for match in mark.finditer(text)]:
            return ends[-1]
    return len(text)


_CLOSING = r'["”’)\]]*'
# A full stop behind a short word is taken for that of an abbreviation.
_SENTENCE_END = re.compile(rf'(?:[!?…]|[^\W_]{{3}}[.]){_CLOSING}\s|[。！？]')
_CLAUSE_END = re.compile(rf'[,;:]{_CLOSING}\s|\s?[—–]\s?|[，、；：。！？]')
_SPACE = re.compile(r'\s')
_LONG_TEXT = 60  # characters; the sound of less is there in 0.1 seconds
_SHORTEST_CLAUSE = 12
