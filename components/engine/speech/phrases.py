"""Cuts what is to be said into phrases that a synthesiser takes at one go."""

import unicodedata
from collections.abc import Iterator

LONGEST_PHRASE = 300  # characters: about 20 seconds of speech, which take espeak-ng some 40 ms


def phrases(text: str, *, longest: int = LONGEST_PHRASE) -> Iterator[str]:
    """The text without control characters, in pieces of at most `longest`, cut at the end of a sentence if any.

    Control characters go because espeak-ng takes some of them as commands.
    """
    rest = ' '.join(''.join(' ' if unicodedata.category(char)[0] in 'CZ' else char for char in text).split())
    while rest:
        end = len(rest) if len(rest) <= longest else _cut(rest[:longest])
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip()


def _cut(text: str) -> int:
    """Where to cut: behind the last sentence, else behind the last clause or word, else at the end."""
    for marks in (('. ', '! ', '? ', '。', '！', '？'), (', ', '; ', ': ', '，', '、'), (' ',)):
        if end := max(text.rfind(mark) for mark in marks) + 1:
            return end
    return len(text)
